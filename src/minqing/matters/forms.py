"""Forms of matters: one for each move, each knowing the service it calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.core.text import one_line
from minqing.files.forms import PicturesField
from minqing.files.services import store_pictures
from minqing.matters import services
from minqing.matters.enums import Channel, Light, Mechanism, Move, State
from minqing.matters.models import Category, Matter
from minqing.matters.queries.finding import ANSWERED, ANY_OPEN, Filters
from minqing.web.forms import BootstrapFormMixin, DayField, OnceForm

Choices = Iterable[Any]


def chosen(enum: Any) -> list[tuple[str, Any]]:
    return [(one.value, one.label) for one in enum]


def category_choices(rows: Sequence[Category], *, empty: Any = None) -> list[Any]:
    """First-level categories as groups; each group begins with the category itself."""
    groups: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for row in rows:
        groups.setdefault(row.parent_id or row.code, (row.name, []))[1].append((row.code, row.name))
    return [*([("", empty)] if empty is not None else []), *groups.values()]


def lines(rows: int, **attributes: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attributes})


class MoveForm(OnceForm):
    """A form for one move. ``verb`` names the service; its fields are the service's own arguments."""

    verb: str
    # the field with photos, of another name in each form: they stand on one page
    pictures = ""

    def __init__(
        self, *args: Any, matter: Matter, categories: Sequence[Category] = (), units: Choices = (), **options: Any
    ) -> None:
        self.matter = matter
        options["auto_id"] = f"{self.verb}-%s"
        super().__init__(*args, **options)
        if "category" in self.fields:
            empty = None if self.fields["category"].required else _("As it is")
            self.fields["category"].choices = category_choices(categories, empty=empty)  # type: ignore[attr-defined]
        if "unit" in self.fields:
            self.fields["unit"].choices = [(unit.id, unit.name) for unit in units]  # type: ignore[attr-defined]

    def apply(self, *, by: Actor) -> bool:
        """Make the move; False when the service found something wrong, which the form then says."""
        values = dict(self.cleaned_data)
        id = values.pop("request_id")
        try:
            if self.pictures:
                values["picture_ids"] = store_pictures(request_id=id, pictures=values.pop(self.pictures), by=by)
            getattr(services, self.verb)(id=id, matter=self.matter, by=by, **values)
        except Invalid as error:
            self.add_error(None, error.sentence)
            return False
        return True


class ClassifyForm(MoveForm):
    verb = "classify_matter"
    category = forms.ChoiceField(label=_("Category"))
    mechanism = forms.ChoiceField(label=_("Way of handling"), choices=chosen(Mechanism))


class AssignForm(MoveForm):
    verb = "assign_matter"
    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int)
    category = forms.ChoiceField(label=_("Category"), required=False)
    due_days = forms.IntegerField(label=_("Deadline in working days"), min_value=0, max_value=250)
    mechanism = forms.ChoiceField(label=_("Way of handling"), choices=chosen(Mechanism))
    note = forms.CharField(label=_("Note to the unit"), required=False, max_length=2000, widget=lines(2))


class QueueForm(AssignForm):
    """The same at the queue, where two clerks may have the matter before them."""

    def clean(self) -> dict[str, Any]:
        return (super().clean() or self.cleaned_data) | {"waiting": True}


class AcceptForm(MoveForm):
    verb = "accept_matter"
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=lines(2))


class ActForm(MoveForm):
    verb = "note_progress"
    pictures = "photos"
    text = forms.CharField(label=_("What was done"), max_length=20_000, widget=lines(3))
    public = forms.BooleanField(label=_("The reporter may read this"), required=False, initial=True)
    photos = PicturesField()


class SendBackForm(MoveForm):
    verb = "send_back_matter"
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=lines(3),
        help_text=_("Say why it is not yours, and who should have it."),
    )


class FinishForm(MoveForm):
    verb = "finish_matter"
    pictures = "evidence"
    reply = forms.CharField(
        label=_("Reply to the reporter"),
        max_length=20_000,
        widget=lines(5),
        help_text=_("In plain words: what was done, or why it cannot be done."),
    )
    evidence = PicturesField()


def told(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


class ConfirmForm(MoveForm):
    verb = "confirm_matter"
    answered = forms.TypedChoiceField(
        label=_("Was there an answer?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=told,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    solved = forms.TypedChoiceField(
        label=_("Is it solved?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=told,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("With “No” the matter goes back to the unit at once."),
    )
    satisfaction = forms.TypedChoiceField(
        label=_("How satisfied?"),
        choices=[
            ("5", _("Very satisfied")),
            ("4", _("Satisfied")),
            ("3", _("So-so")),
            ("2", _("Dissatisfied")),
            ("1", _("Very dissatisfied")),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("In the reporter's words"), required=False, max_length=2000, widget=lines(2))


class ReopenForm(MoveForm):
    verb = "reopen_matter"
    reason = forms.CharField(label=_("What is still left to do"), max_length=2000, widget=lines(3))


class WithdrawForm(MoveForm):
    verb = "withdraw_matter"
    reason = forms.CharField(label=_("Reason"), required=False, max_length=2000, widget=lines(2))


FORMS: dict[Move, type[MoveForm]] = {
    Move.CLASSIFY: ClassifyForm,
    Move.ASSIGN: AssignForm,
    Move.ACCEPT: AcceptForm,
    Move.ACT: ActForm,
    Move.SEND_BACK: SendBackForm,
    Move.FINISH: FinishForm,
    Move.CONFIRM: ConfirmForm,
    Move.REOPEN: ReopenForm,
    Move.WITHDRAW: WithdrawForm,
}


class NewForm(OnceForm):
    """A matter typed at the counter while the resident tells it."""

    text = forms.CharField(label=_("What is the matter?"), max_length=20_000, widget=lines(5, autofocus="autofocus"))
    title = forms.CharField(
        label=_("Short title"), required=False, max_length=200, help_text=_("Empty: the first line of the text.")
    )
    area = forms.TypedChoiceField(label=_("Village"), coerce=int)
    place = forms.CharField(label=_("Exact place"), required=False, max_length=200)
    reporter_name = forms.CharField(label=_("Name of the reporter"), required=False, max_length=60)
    reporter_phone = forms.CharField(label=_("Phone of the reporter"), required=False, max_length=30)
    category = forms.ChoiceField(label=_("Category"), required=False)
    photos = PicturesField()

    def __init__(self, *args: Any, areas: Choices, categories: Sequence[Category], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["area"].choices = list(areas)  # type: ignore[attr-defined]
        self.fields["category"].choices = category_choices(categories, empty=_("Not sorted yet"))  # type: ignore[attr-defined]

    def apply(self, *, by: Actor) -> Matter | None:
        """Take the matter in; None when the service found something wrong, which the form then says."""
        data = self.cleaned_data
        try:
            pictures = store_pictures(request_id=data["request_id"], pictures=data["photos"], by=by)
            return services.report_matter(
                id=data["request_id"],
                title=data["title"],
                text=data["text"],
                area_id=data["area"],
                channel=Channel.COUNTER,
                by=by,
                category_code=data["category"],
                reporter_name=data["reporter_name"],
                reporter_phone=data["reporter_phone"],
                place=data["place"],
                picture_ids=pictures,
            )
        except Invalid as error:
            self.add_error(None, error.sentence)
            return None


class FilterForm(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares the field class as None
    """The list's filters, in its address. What cannot be is passed over, so that an old link still works."""

    text = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Words or number")}),
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    light = forms.ChoiceField(label=_("Deadline"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    area = forms.TypedChoiceField(label=_("Place"), required=False, coerce=int, empty_value=None)
    unit = forms.TypedChoiceField(label=_("Unit"), required=False, coerce=int, empty_value=None)
    channel = forms.ChoiceField(label=_("Way in"), required=False)
    since = DayField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = DayField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    finished_since = DayField(label=_("Answered from"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    finished_until = DayField(label=_("Answered to"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    word = forms.ChoiceField(
        label=_("The reporter's word"),
        required=False,
        choices=[
            ("", _("All")),
            ("asked_solved", _("Said whether it is solved")),
            ("solved", _("Said it is solved")),
            ("rated", _("Said how satisfied")),
            ("satisfied", _("Said satisfied or better")),
        ],
    )

    def __init__(self, data: Any, *, areas: Choices, units: Choices, categories: Sequence[Category]) -> None:
        super().__init__(data, auto_id="filter-%s")
        everything = ("", _("All"))
        offered = {
            "state": [everything, (ANY_OPEN, _("All not answered yet")), (ANSWERED, _("All answered")), *chosen(State)],
            "light": [everything, *chosen(Light)],
            "category": category_choices(categories, empty=_("All")),
            "area": [everything, *areas],
            "unit": [everything, *((unit.id, one_line(unit.name, 30)) for unit in units)],
            "channel": [everything, *chosen(Channel)],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        self.is_valid()
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value})
