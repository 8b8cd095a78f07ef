"""What each figure of a unit counts: one definition, used by the count on the wall and by the list behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.matters.enums import CLOSED, OPEN, Move, Source, State
from minqing.matters.models import Matter, Step
from minqing.matters.queries.lights import overdue_at

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# with these a unit is said to have been given a matter, or to have sent it back: whoever has it now
BY_STEP: Final[Mapping[str, Move]] = {"given": Move.ASSIGN, "returned": Move.SEND_BACK}
HELD = ~Q(state=State.RECEIVED.value)
ANSWERED = Q(finished_at__isnull=False)
# closed without an answer: withdrawn by the reporter, found to be another's, part of another matter
DROPPED = Q(state__in=sorted(CLOSED), finished_at__isnull=True)
# whoever answered once and was asked again has no time of answer now
EVER_ANSWERED = ANSWERED | Q(reopened__gt=0)
# these also depend on the time of day: they are asked when they are shown
NOW: Final = frozenset({"open_now", "red", "timed"})


@dataclass(frozen=True)
class Measure:
    """A figure: ``part`` of ``whole``, both names of :func:`conditions`; without ``whole`` a plain number."""

    part: str
    whole: str
    label: StrOrPromise
    note: StrOrPromise
    # a large share is good news, or bad
    good: bool = True


MEASURES: Final[tuple[Measure, ...]] = (
    Measure("held", "", _("Received"), _("Matters of the period that this unit has, or had when they were closed.")),
    Measure("open_now", "", _("Not answered"), _("Of these, not answered yet.")),
    Measure("red", "", _("Overdue"), _("Of these, past the deadline and not answered."), good=False),
    Measure(
        "answered",
        "to_answer",
        _("Answered"),
        _("Of those received, without those closed without an answer (withdrawn, not ours, merged)."),
    ),
    Measure(
        "in_time",
        "timed",
        _("Dealt with in time"),
        _("Of those with a deadline that were answered or whose deadline has passed: the overdue count against it."),
    ),
    Measure(
        "solved",
        "asked_solved",
        _("Solved"),
        _("Of those whose reporter said whether it is solved, by the last word. Silence counts neither way."),
    ),
    Measure(
        "satisfied",
        "rated",
        _("Satisfied"),
        _("4 or 5 of 5, of those whose reporter gave a mark, by the last word. Silence counts neither way."),
    ),
    Measure(
        "silent",
        "answered",
        _("No word"),
        _("Answered, and the reporter has said nothing since: the larger, the less the two before it tell."),
        good=False,
    ),
    Measure(
        "declined",
        "answered",
        _("Would not say"),
        _("Answered, asked by a person since, and the reporter would not say how it went. They are not among No word."),
        good=False,
    ),
    Measure(
        "reopened", "ever_answered", _("Reopened"), _("At least once, of those answered at least once."), good=False
    ),
    Measure(
        "returned",
        "given",
        _("Sent back"),
        _("By this unit, of all that were ever given to it in the period, whoever has them now."),
        good=False,
    ),
)
# the rest are wholes: their rows can be asked for as well
WHOLES: Final[Mapping[str, StrOrPromise]] = {
    "to_answer": _("To be answered"),
    "timed": _("Answered or overdue, with a deadline"),
    "asked_solved": _("Said whether it is solved"),
    "rated": _("Said how satisfied"),
    "ever_answered": _("Answered at least once"),
    "given": _("Ever given to the unit"),
}
# in hand for days, and nothing has been told of it since; apart from conditions(), as it asks for the steps
UNMOVED: Final = "unmoved"
# the rest of what is in hand
MOVED: Final = "moved"
STILL_AFTER: Final = timedelta(days=3)
MOVING: Final = (Move.ACT, Move.REPORT, Move.JOIN, Move.REPLY_PART, Move.ASK_EXTENSION)
# by which way the last word came
WAYS: Final[Mapping[str, Source]] = {f"word_by_{one.value}": one for one in Source}
NAMES: Final[Mapping[str, StrOrPromise]] = (
    {one.part: one.label for one in MEASURES}
    | dict(WHOLES)
    | {UNMOVED: _("In hand, nothing told since"), MOVED: _("In hand, told of or just begun")}
    | {name: format_lazy(_("Word by: {way}"), way=one.label) for name, one in WAYS.items()}
)


def conditions(now: datetime) -> dict[str, Q]:
    """Each name that is told by the matter itself."""
    # what was late before it was hung up has no red light meanwhile; the share in time counts it all the same
    late = late_at(now)
    answered = HELD & ANSWERED
    wordless = Q(last_word_at__isnull=True) | Q(last_word_at__lt=F("finished_at"))
    # a comparison with nothing is neither true nor false: said outright, so that its opposite can be asked for
    declined = Q(last_declined_at__isnull=False, last_declined_at__gte=F("finished_at"))
    return {
        "held": HELD,
        "open_now": HELD & Q(state__in=sorted(OPEN)),
        "red": HELD & overdue_at(now),
        "to_answer": HELD & ~DROPPED,
        "answered": answered,
        "timed": HELD & Q(due_at__isnull=False) & (ANSWERED | late),
        "in_time": answered & Q(finished_at__lte=F("due_at")),
        "asked_solved": HELD & Q(last_solved__isnull=False),
        "solved": HELD & Q(last_solved=True),
        "rated": HELD & Q(last_satisfaction__isnull=False),
        "satisfied": HELD & Q(last_satisfaction__gte=4),
        "silent": answered & wordless & ~declined,
        "declined": answered & wordless & declined,
        "ever_answered": HELD & EVER_ANSWERED,
        "reopened": HELD & Q(reopened__gt=0),
    }


def late_at(now: datetime) -> Q:
    return Q(state__in=sorted(OPEN), due_at__lt=now)


def unit_measures(now: datetime) -> dict[str, Q]:
    """What is kept of each unit's matters of a day: ``named`` are all on which it is written, whoever has them.

    Of those with a deadline the answered ones; the others of ``timed`` are added by :func:`of_now`.
    """
    known = {name: one for name, one in conditions(now).items() if name not in NOW}
    return known | {"named": Q(), "timed_answered": HELD & Q(due_at__isnull=False) & ANSWERED}


def of_now(now: datetime) -> dict[str, Q]:
    """What :data:`NOW` counts beside what is kept: of matters that are open, which are few."""
    known = conditions(now)
    return {"open_now": known["open_now"], "red": known["red"], "timed": HELD & late_at(now) & ~ANSWERED}


def ways() -> dict[str, Q]:
    """Those of :data:`WAYS`. Kept apart from :func:`conditions`: the units' table has no columns."""
    return {name: HELD & Q(last_source=one.value) for name, one in WAYS.items()}


def unmoved(now: datetime) -> Q:
    """Taken on by a unit that has had it for days and has told nothing of it since it was given to it."""
    told = Step.objects.filter(matter=OuterRef("pk"), move__in=MOVING, at__gte=OuterRef("assigned_at"))
    return Q(~Exists(told), state=State.ACCEPTED.value, assigned_at__lt=now - STILL_AFTER)


def counted_in(matters: QuerySet[Matter], name: str, *, unit_id: int | None, now: datetime) -> QuerySet[Matter]:
    """The rows that the figure ``name`` counts, of one unit or of all; all of ``matters`` for an unknown name."""
    if name in BY_STEP:
        steps = Step.objects.filter(matter=OuterRef("pk"), move=BY_STEP[name].value)
        return matters.filter(Exists(steps.filter(unit=unit_id) if unit_id else steps))
    if unit_id:
        # one that it has sent back stays written on the matter, and is the clerk's
        matters = matters.filter(HELD, lead_unit=unit_id)
    if name in {UNMOVED, MOVED}:
        still = unmoved(now)
        return matters.filter(still if name == UNMOVED else Q(state=State.ACCEPTED.value) & ~still)
    known = conditions(now) | ways()
    return matters.filter(known[name]) if name in known else matters
