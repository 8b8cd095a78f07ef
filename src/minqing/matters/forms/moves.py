"""Forms of moves: one for each; its fields are the service's own arguments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Unpack
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.errors import Conflict, Invalid, Refused, Stale, StoredValue
from minqing.core.text import one_line
from minqing.deadlines.queries import reasons_offered
from minqing.files.forms import KeepsPictures, PicturesField
from minqing.matters import queries, rules
from minqing.matters.enums import PART_OPEN, UNSUPERVISED, Mechanism, Move, PartState
from minqing.matters.forms.confirmation import WOULD_NOT_SAY, how_satisfied, yes_or_no
from minqing.matters.forms.fields import MoveOptions, days, how_it_went, text, unit_field, what_is_left
from minqing.matters.forms.filters import Choices, category_choices, lines
from minqing.matters.lifecycle import MOVES, PART
from minqing.matters.models import Category, Matter
from minqing.matters.models.naming import choices_of
from minqing.matters.queries import meanwhile
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.queries.dossier import PartRow
from minqing.matters.queries.handlers import unit_naming
from minqing.matters.queries.passed_on import moment_in
from minqing.matters.services.moves import SERVICES
from minqing.org.enums import DESK
from minqing.org.queries.staff import people_of_unit
from minqing.web.forms import (
    Data,
    DayField,
    Files,
    FormOptions,
    LongSelect,
    LongSelectMultiple,
    OnceForm,
    Pairs,
    SeenMixin,
    needed,
    subject_of,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


# by the service's code, where the sentence stands
AT_FIELD = {"part_open": "override", "outcome_note": "outcome_note", "handler": "handler"}


class MoveForm(KeepsPictures, SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """A form for one ``move``; its fields are the own arguments of the service that makes it.

    It carries the moment of the matter's newest step: who decides on what has changed since is shown that first.
    """

    move: Move
    # the field with photos, of another name in each form: they stand on one page
    pictures = ""
    # of one that is words to somebody: the field, what its tab in the composer says, and who reads it
    words = ""
    tab: StrOrPromise = ""
    readers: StrOrPromise = ""

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        matter: Matter,
        categories: Sequence[Category] = (),
        units: Choices = (),
        parts: Sequence[PartRow] = (),
        by: Actor | None = None,
        **options: Unpack[FormOptions],
    ) -> None:
        self.matter, self.by = matter, by
        options["auto_id"] = f"{self.move}-%s"
        super().__init__(data, files, **options)
        if "category" in self.fields:
            empty = None if self.fields["category"].required else _("As it is")
            self.fields["category"].choices = Pairs(category_choices(categories, empty=empty))  # type: ignore[attr-defined]
        if matter.mechanism == Mechanism.SUPERVISED:
            # only a leader takes it out of supervision
            self.fields.pop("mechanism", None)
        # the same form sent once more says what it said: what it has changed by now is no reason to drop a word
        waiting = any(part.state in PART_OPEN for part in parts)
        if not waiting and not self.data.get("override"):
            self.fields.pop("override", None)
        elif "override" in self.fields:
            needed(_("needed while a unit has not answered"), self.fields["override"])
        # the same form sent once more names the unit that has it by now: the service knows it again
        barred = set() if self.is_bound else self.barred(parts)
        named = [(unit.id, unit.name) for unit in units if unit.id not in barred]
        if "units" in self.fields:
            self.fields["units"].choices = Pairs(named)  # type: ignore[attr-defined]
        for name in {"unit", "proposed"} & set(self.fields):
            # the first of a list is nobody's choice
            blank = _("Choose a unit") if self.fields[name].required else _("Nobody's: the township's own office")
            nobody = [("", blank)]
            self.fields[name].choices = Pairs([*nobody, *named])  # type: ignore[attr-defined]
        if "part" in self.fields:
            self.fields["part"].choices = self.part_choices(parts)  # type: ignore[attr-defined]
        self.set_token(self.token_of(matter))

    @staticmethod
    def token_of(matter: Matter) -> str:
        return f"matter:{matter.pk}|{matter.changed_at.isoformat()}"

    def is_stale(self, given: str) -> bool:
        """What only adds a word stands beside any other; a remark of the house changes nothing for the rest."""
        if MOVES[self.move].adds or not super().is_stale(given):
            return False
        return moment_in(given) is None or bool(self.changes(given))

    def changes(self, given: str) -> list[StoredValue]:
        since = moment_in(given)
        if since is None or subject_of(given) != subject_of(self.token):
            return []
        steps = queries.steps_after(self.matter, since, but_by=self.by.ref if self.by else "")
        return [*map(meanwhile.step_value, steps), *meanwhile.present_state(self.matter, steps)]

    def stale(self, given: str) -> Stale:
        """With the way on; and where the move is not open any more, why it is of no use to send it once more."""
        error = super().stale(given)
        # at the queue it is said on top of twenty rows
        error.kept = (StoredValue(_("Matter"), f"{self.matter.number} {self.matter.title}"), *error.kept)
        open_still = self.still_open()
        error.never = "" if open_still else open_still.reason
        error.ways = meanwhile.ways(self.matter, self.by)
        return error

    def still_open(self) -> Decision:
        return rules.may(self.move, self.by, self.matter.situation) if self.by else Decision.yes()

    def barred(self, parts: Sequence[PartRow]) -> set[int | None]:
        """Units that the service would refuse: the one that has the matter is not one that it could go to."""
        return set()

    @property
    def possible(self) -> bool:
        """Whether there is anything to make the move with: a part, or a unit that it could go to."""
        needed = [self.fields[name] for name in {"part", "unit", "units", "proposed"} & set(self.fields)]
        return all(
            any(str(value) for value, _label in field.choices)  # type: ignore[attr-defined]
            for field in needed
            if field.required
        )

    def part_choices(self, parts: Sequence[PartRow]) -> list[tuple[str, str]]:
        """The parts with which this move can be made."""
        sent = self.data.get("part")
        fitting = [part for part in parts if PART.target(PartState(part.state), self.move) or str(part.id) == sent]
        return [(str(part.id), f"{part.unit}: {one_line(part.task, 30)}") for part in fitting]

    def arguments(self, values: dict[str, object], *, by: Actor) -> dict[str, object]:
        """What the service takes, made of the fields' values."""
        return values

    def make(self, *, by: Actor, **values: Any) -> None:
        SERVICES[self.move](matter=self.matter, by=by, **values)

    def apply(self, *, by: Actor) -> bool:
        """Make the move; False when the service found something wrong, which the form then says."""
        values = dict(self.cleaned_data)
        id = values.pop("request_id")
        try:
            if self.pictures:
                del values[self.pictures]
                values["picture_ids"] = self.all_pictures(by=by)
            values = self.arguments(values, by=by)
            self.make(id=id, by=by, **values)
        except Invalid as error:
            self.add_error(AT_FIELD.get(error.code), error.sentence)
            return False
        except (Refused, Conflict) as error:
            if error.code not in meanwhile.LATE:
                raise
            raise meanwhile.late(error, self.matter, self.move, by) from None
        return True


class ClassifyForm(MoveForm):
    move = Move.CLASSIFY
    category = forms.ChoiceField(label=_("Category"), widget=LongSelect)
    mechanism = forms.ChoiceField(label=_("Way of handling"), choices=lambda: choices_of(UNSUPERVISED))


class AssignForm(MoveForm):
    move = Move.ASSIGN
    unit = unit_field(_("Unit"))
    category = forms.ChoiceField(label=_("Category"), required=False, widget=LongSelect)
    due_days = forms.IntegerField(label=_("Deadline in working days"), min_value=0, max_value=250)
    mechanism = forms.ChoiceField(label=_("Way of handling"), choices=lambda: choices_of(UNSUPERVISED))
    note = forms.CharField(label=_("Note to the unit"), required=False, max_length=2000, widget=lines(2))


class AcceptForm(MoveForm):
    move = Move.ACCEPT
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=lines(2))


class NameForm(MoveForm):
    move = Move.NAME
    handler = forms.TypedChoiceField(
        label=_("Handler"),
        coerce=UUID,
        required=False,
        empty_value=None,
        widget=LongSelect,
        help_text=_("Everybody in the unit may still act. Who is named is told."),
    )

    def __init__(self, data: Data = None, files: Files = None, **options: Unpack[MoveOptions]) -> None:
        super().__init__(data, files, **options)
        # asked for where the form is shown or sent: on the matter's page it is a link
        self.fields["handler"].choices = self.people  # type: ignore[attr-defined]

    def people(self) -> list[tuple[str, str]]:
        unit = unit_naming(self.matter, self.by) if self.by else None
        nobody = ("", str(queries.NO_HANDLER))
        if unit is None or self.by is None or not self.by.has(*rules.NAMERS):
            return [nobody]
        return [nobody, *((str(one.pk), one.name) for one in people_of_unit(unit, DESK))]


class TakeForm(MoveForm):
    move = Move.TAKE


class ActForm(MoveForm):
    move = Move.ACT
    pictures, words = "photos", "text"
    tab = _("Progress")
    readers = _("The reporter reads it on the follow page, unless you take the tick away.")
    text = forms.CharField(label=_("What was done"), max_length=20_000, widget=lines(3))
    public = forms.BooleanField(label=_("The reporter may read this"), required=False, initial=True)
    photos = PicturesField()


class ElsewhereForm(MoveForm):
    """To whom the matter goes: never to the unit that has it."""

    def barred(self, parts: Sequence[PartRow]) -> set[int | None]:
        return {self.matter.lead_unit_id}


class SendBackForm(ElsewhereForm):
    move = Move.SEND_BACK
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=lines(3),
        help_text=_("Say why it is not yours, and who should have it."),
    )
    proposed = unit_field(_("Whose matter is it?"))


class FinishForm(MoveForm):
    move = Move.FINISH
    pictures, words = "evidence", "reply"
    tab = _("Answer the reporter")
    readers = _("The reporter reads it on the follow page and is told that it is there.")
    reply = forms.CharField(
        label=_("Reply to the reporter"),
        max_length=20_000,
        widget=lines(5),
        help_text=_("In plain words: what was done, or why it cannot be done."),
    )
    outcome = how_it_went(_("How it went"))
    outcome_note = what_is_left(_("Needed unless it is solved. The reporter reads it."))
    override = forms.CharField(
        label=_("Why finish although a unit has not answered its part"),
        required=False,
        max_length=2000,
        widget=lines(2),
        help_text=_("Only where a part is still open. The reporter does not read this."),
    )
    evidence = PicturesField()


class WordForm(MoveForm):
    """What the reporter says of the answer."""

    least = _("one of these three is needed")

    answered = yes_or_no(_("Was there an answer?"))
    solved = yes_or_no(_("Is it solved?"), help_text=_("With “No” the matter goes back to the unit at once."))
    satisfaction = how_satisfied(_("How satisfied?"), widget=forms.RadioSelect)
    text = forms.CharField(label=_("In the reporter's words"), required=False, max_length=2000, widget=lines(2))

    def __init__(self, data: Data = None, files: Files = None, **options: Unpack[MoveOptions]) -> None:
        super().__init__(data, files, **options)
        needed(self.least, *(self.fields[name] for name in ("answered", "solved", "satisfaction")))


class ConfirmForm(WordForm):
    move = Move.CONFIRM


class FollowUpForm(WordForm):
    least = _("one of these three is needed if somebody was reached and said something")
    move = Move.FOLLOW_UP
    reached = yes_or_no(_("Was somebody reached?"), required=True)
    declined = forms.BooleanField(label=WOULD_NOT_SAY, required=False)
    field_order = ("reached", "answered", "solved", "satisfaction", "declined", "text")


class ReopenForm(MoveForm):
    move = Move.REOPEN
    reason = forms.CharField(label=_("What is still left to do"), max_length=2000, widget=lines(3))


class WithdrawForm(MoveForm):
    move = Move.WITHDRAW
    reason = forms.CharField(label=_("Reason"), required=False, max_length=2000, widget=lines(2))


class NoteForm(MoveForm):
    move, words, tab = Move.NOTE, "text", Move.NOTE.label
    readers = _("Only those who work on the matter read it. The reporter never does.")
    text = forms.CharField(label=_("Note"), max_length=20_000, widget=lines(3))


class TransferForm(ElsewhereForm):
    move = Move.TRANSFER
    unit = unit_field(_("To which unit"))
    reason = text(_("Reason"), help_text=_("The deadline stays as it is."))


class DecideForm(MoveForm):
    move = Move.DECIDE
    unit = unit_field(_("Who handles it"), required=False)
    due_days = days(_("Deadline in working days"), required=False)
    minutes = text(_("Minutes"), 4, help_text=_("Who met, where, and what was decided."))


def with_part(parts: Iterable[PartRow]) -> set[int | None]:
    return {part.unit_id for part in parts if part.state != PartState.DROPPED}


class JoinForm(MoveForm):
    move = Move.JOIN
    units = forms.TypedMultipleChoiceField(
        label=_("Which units"), coerce=int, widget=LongSelectMultiple, help_text=_("Several may be asked at once.")
    )
    task = text(_("What it is to do"))
    due_days = days(_("Deadline in working days"), required=False)

    def barred(self, parts: Sequence[PartRow]) -> set[int | None]:
        asked = {part.unit_id for part in parts if part.state in PART_OPEN}
        return {self.matter.lead_unit_id, *asked}

    def arguments(self, values: dict[str, Any], *, by: Actor) -> dict[str, object]:
        first, *also = values.pop("units")
        return values | {"unit": first, "also": also}


class PartForm(MoveForm):
    part = forms.TypedChoiceField(label=_("Part"), coerce=UUID)


class ReplyPartForm(MoveForm):
    move, words, tab = Move.REPLY_PART, "reply", _("Answer the leading unit")
    readers = _("The unit that leads reads it. The reporter does not.")
    reply = forms.CharField(
        label=_("Reply to the unit that leads"),
        max_length=20_000,
        widget=lines(4),
        help_text=_("The lead makes one answer to the reporter out of all replies."),
    )
    outcome = how_it_went(_("How our part went"))
    outcome_note = what_is_left(_("Needed unless it is solved."))


class RefusePartForm(MoveForm):
    move = Move.REFUSE_PART
    reason = text(_("Reason"))
    proposed = unit_field(_("Whose part is it?"))

    def barred(self, parts: Sequence[PartRow]) -> set[int | None]:
        return with_part(parts)


class DecidePartForm(PartForm):
    move = Move.DECIDE_PART
    unit = unit_field(_("Who handles it"), required=False)
    due_days = days(_("Deadline in working days"), required=False)
    minutes = text(_("Minutes"), 4, help_text=_("Who met, where, and what was decided."))

    def barred(self, parts: Sequence[PartRow]) -> set[int | None]:
        # the unit that has refused may be bound to it
        return {self.matter.lead_unit_id} | with_part(part for part in parts if part.state != PartState.REFUSED)


class DropPartForm(PartForm):
    move = Move.DROP_PART
    reason = text(_("Reason"))


class AskExtensionForm(MoveForm):
    move = Move.ASK_EXTENSION
    days = days(_("How many more working days"), least=1)
    reason = text(_("Reason"))


class GrantExtensionForm(MoveForm):
    move = Move.GRANT_EXTENSION
    note = text(_("Note to the reporter"), 2, required=False)


class RefuseExtensionForm(MoveForm):
    move = Move.REFUSE_EXTENSION
    reason = text(_("Reason"))


class SuspendForm(MoveForm):
    move = Move.SUSPEND
    reason = forms.ChoiceField(label=_("What it waits for"), choices=lambda: choices_of(reasons_offered(CLOCKS)))
    until = DayField(
        label=_("Until when at the latest"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_(
            "Must be filled in; on that day it goes on by itself. A day is given back where the matter waits as "
            "business stops; less than three hours of it give none."
        ),
    )
    text = text(_("What the reporter reads"))


class ResumeForm(MoveForm):
    move = Move.RESUME
    note = text(_("Note"), 2, required=False)


class DeclineForm(MoveForm):
    move = Move.DECLINE
    reason = text(_("Reason"), 4, help_text=_("The reporter reads this. Say who can help instead."))


class AppealForm(MoveForm):
    move = Move.APPEAL
    reason = text(_("Why it is ours after all"))


class MergeForm(MoveForm):
    move = Move.MERGE
    number = forms.CharField(label=_("Number of the matter that is handled"), max_length=40)
    note = text(_("Note to the reporter"), 2, required=False)

    def arguments(self, values: dict[str, Any], *, by: Actor) -> dict[str, object]:
        """The number stands for a matter that the actor sees."""
        cause = queries.numbered(by, values.pop("number"))
        if cause is None:
            raise Invalid("cause", _("There is no such matter. Check the number."))
        return values | {"cause": cause}


class SplitForm(MoveForm):
    move = Move.SPLIT
    reason = text(_("Reason"), 2, required=False)


class SuperviseForm(MoveForm):
    move = Move.SUPERVISE
    order = text(_("Order"), 4, help_text=_("What is to be reached."))
    due_days = days(_("To be solved in working days"), required=False)
    report_days = days(_("A report every … working days"), least=1, required=False)


class ReportForm(MoveForm):
    move, words, tab = Move.REPORT, "text", Move.REPORT.label
    readers = _("The leader who supervises reads it. The reporter does not.")
    text = forms.CharField(label=_("How far it is, and what comes next"), max_length=20_000, widget=lines(4))


class ReleaseForm(MoveForm):
    move = Move.RELEASE
    reason = text(_("Reason"))


def kinds(base: type[MoveForm]) -> Iterator[type[MoveForm]]:
    for form in base.__subclasses__():
        yield form
        yield from kinds(form)


FORMS: dict[Move, type[MoveForm]] = {form.move: form for form in kinds(MoveForm) if hasattr(form, "move")}
