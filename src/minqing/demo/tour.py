"""What a visitor of the demo can try: as whom, and three things each. Pure.

A page of each is opened by its name in the URL configuration, so that a page that goes away is found by the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# whoever has no account: a resident at a door
RESIDENT: Final = "resident"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to try: ``how`` in a sentence or two, ``at`` the name of an address or of a resident's way."""

    title: StrOrPromise
    how: StrOrPromise
    at: str


@dataclass(frozen=True, slots=True)
class Tour:
    """What somebody can try as ``username``."""

    username: str
    who: StrOrPromise
    about: StrOrPromise
    icon: str
    things: tuple[Thing, ...]


TOURS: Final = (
    Tour(
        RESIDENT,
        _("a resident"),
        _("You scan the code beside your door. No account is needed."),
        "qr-code-scan",
        (
            Thing(
                _("Report something"),
                _("This is your door. Press the button, write “the ditch is blocked”, and send it."),
                "door",
            ),
            Thing(
                _("Say how it went"),
                _("Another matter was answered today. Read the answer and say whether it is solved."),
                "answered",
            ),
            Thing(
                _("Read what everybody may read"),
                _("Press the link at the foot: solved matters in other words, and figures that tell of nobody."),
                "door",
            ),
        ),
    ),
    Tour(
        "cadre",
        _("a household cadre"),
        _("You visit the households in your care, with a diary on the phone."),
        "journal-text",
        (
            Thing(
                _("See where to go today"),
                _("Those that waited longest stand first. Open one: who lives there, and what was said last time."),
                "desk:today",
            ),
            Thing(
                _("Write a diary that becomes a matter"),
                _("Open a household, press “Write the diary”, say what you heard, and that something needs doing."),
                "households:list",
            ),
            Thing(
                _("See what became of it"),
                _("Open a matter: which step it has reached, who has it, and by when there is an answer."),
                "matters:list",
            ),
        ),
    ),
    Tour(
        "secretary",
        _("a village secretary"),
        _("What was given to the village is yours, and who cares for which household."),
        "house-heart",
        (
            Thing(
                _("See how the village is doing"),
                _("How many households were visited, and what is due first. Open one: which step it has reached."),
                "desk:today",
            ),
            Thing(
                _("Give a household to a cadre"),
                _("Tick a few, choose who visits them and how often, and keep it."),
                "visits:care",
            ),
            Thing(
                _("Look at a door plate"),
                _("Choose a grid and open the sheet: a code for each door, ready to print."),
                "households:plates",
            ),
        ),
    ),
    Tour(
        "clerk",
        _("a township clerk"),
        _("Whatever is reported in the township comes to you first."),
        "inbox",
        (
            Thing(
                _("Assign one as suggested, and take it back"),
                _("Open one: the system says whose it is and why. Press the green button, then “Undo”."),
                "routing:triage",
            ),
            Thing(
                _("Decide what waits for you"),
                _("More time, or who handles what nobody wants: it is decided right here, in place."),
                "desk:today",
            ),
            Thing(
                _("Write down a call"),
                _("Somebody telephones: type a number and a sentence, and watch what the page already knows."),
                "matters:new",
            ),
        ),
    ),
    Tour(
        "handler",
        _("a case officer"),
        _("What your bureau was given is yours to do and to answer."),
        "briefcase",
        (
            Thing(
                _("Accept a matter"),
                _("Open one that waits and press the button. From then on the clock is yours."),
                "listing:worklist",
            ),
            Thing(
                _("Tell how it goes"),
                _("Open one in hand and write a line on how it goes: the reporter reads it at once."),
                "desk:today",
            ),
            Thing(
                _("Answer and finish"),
                _("In another one write the answer and finish it. The reporter has the last word."),
                "matters:list",
            ),
        ),
    ),
    Tour(
        "head",
        _("the head of a unit"),
        _("What your bureau does in your name: who has it, more time for it, what is taken out of it."),
        "person-badge",
        (
            Thing(
                _("Say who does it"),
                _("Open one of the unit, press “Say who handles it” and choose: that person is told."),
                "listing:worklist",
            ),
            Thing(
                _("See what waits for others"),
                _("Below, under “Waiting for others”: more time asked for, units asked along, exports. Press one."),
                "desk:today",
            ),
            Thing(
                _("Decide on a list that somebody wants to take out"),
                _("It says who asked, what for and how many rows. Allow it, or say why not."),
                "exports:list",
            ),
        ),
    ),
    Tour(
        "leader",
        _("a leader"),
        _("You see where things are stuck, and decide."),
        "speedometer2",
        (
            Thing(
                _("Read the sentence at the top"),
                _("It says what the figures mean. Press a figure: its rows open, and there are as many."),
                "desk:leader",
            ),
            Thing(
                _("Decide what waits for you"),
                _("Under “waits for your decision” agree with one press, or open the one with dots."),
                "desk:leader",
            ),
            Thing(
                _("See where it is stuck"),
                _("The wall says step by step since when, and in whose hands. Nobody is ranked."),
                "matters:wall",
            ),
        ),
    ),
    Tour(
        "analyst",
        _("an analyst"),
        _("You look for what happens again and again, and see no names."),
        "table",
        (
            Thing(
                _("Read the figures as a leader does"),
                _("Choose thirty days: each figure says what it was before, and opens the rows behind it."),
                "desk:leader",
            ),
            Thing(
                _("Find what comes back in one place"),
                _("Further down: one kind three times or more in one village. That is worth one solution for all."),
                "desk:leader",
            ),
            Thing(
                _("Take a table out"),
                _("Choose a table and say what for: this is kept. It holds figures alone."),
                "exports:list",
            ),
        ),
    ),
    Tour(
        "auditor",
        _("an auditor"),
        _("You see who did what and who looked at whom, and can change nothing."),
        "shield-check",
        (
            Thing(
                _("See whether the record is whole"),
                _("The sentence on top says whether the seals hold. Below: what was looked at and taken out today."),
                "desk:today",
            ),
            Thing(
                _("Search the record in words"),
                _("Write “assigned” into the field for words, and press the button: each line is a sentence."),
                "audit:record",
            ),
            Thing(
                _("Check a day again"),
                _("Press “Check now”: in a few seconds the page says whether a line was changed, added or lost."),
                "audit:seals",
            ),
        ),
    ),
    Tour(
        "operator",
        _("the operator"),
        _("You keep the system running, and need no programmer for it."),
        "sliders",
        (
            Thing(
                _("See how it runs"),
                _("One sentence on top says whether all is well, and each line what to do."),
                "desk:operator",
            ),
            Thing(
                _("Change a working day"),
                _("Press a day: before you keep it, the page says how many deadlines move. Then “Undo”."),
                "workdays:year",
            ),
            Thing(
                _("Give somebody a post"),
                _("Open a person and add a post: what it opens is said beside it."),
                "administration:people",
            ),
        ),
    ),
)
BY_NAME: Final = {one.username: one for one in TOURS}


@dataclass(frozen=True, slots=True)
class Step:
    """Where a visitor stands: the thing of that number, beginning with one."""

    tour: Tour
    number: int

    @property
    def thing(self) -> Thing:
        return self.tour.things[self.number - 1]

    @property
    def total(self) -> int:
        return len(self.tour.things)

    @property
    def next(self) -> int:
        """The number of the next one; 0 behind the last."""
        return self.number + 1 if self.number < self.total else 0


def step_of(username: str, number: str) -> Step | None:
    tour = BY_NAME.get(username)
    if tour is None or not number.isascii() or not number.isdigit() or not 1 <= int(number) <= len(tour.things):
        return None
    return Step(tour, int(number))
