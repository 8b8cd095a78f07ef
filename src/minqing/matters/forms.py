"""Taking a matter in, and the filters of the list. The forms of moves are in :mod:`minqing.matters.move_forms`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.core.text import one_line
from minqing.files.forms import PicturesField
from minqing.files.services import store_pictures
from minqing.matters import services
from minqing.matters.enums import Channel, Light, State
from minqing.matters.models import Category, Matter
from minqing.matters.queries.finding import ANSWERED, ANY_OPEN, Filters
from minqing.matters.queries.measures import NAMES
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
    figure = forms.ChoiceField(
        label=_("Counted in the figure"), required=False, choices=[("", _("All")), *NAMES.items()]
    )

    def __init__(
        self,
        data: Any,
        *,
        areas: Callable[[], Choices],
        units: Callable[[], Choices],
        categories: Callable[[], Sequence[Category]],
    ) -> None:
        super().__init__(data, auto_id="filter-%s")
        everything = ("", _("All"))
        # called where a field is shown or filled in: hundreds of places and units, and mostly nobody asks for them
        offered = {
            "state": [everything, (ANY_OPEN, _("All not answered yet")), (ANSWERED, _("All answered")), *chosen(State)],
            "light": [everything, *chosen(Light)],
            "category": lambda: category_choices(categories(), empty=_("All")),
            "area": lambda: [everything, *areas()],
            "unit": lambda: [everything, *((unit.id, one_line(unit.name, 30)) for unit in units())],
            "channel": [everything, *chosen(Channel)],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        self.is_valid()
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value})
