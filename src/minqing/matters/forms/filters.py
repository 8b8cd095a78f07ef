"""The filters of the list, and what forms of this room have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.text import one_line
from minqing.deadlines.enums import Light
from minqing.matters.enums import UNSAID, Channel, Outcome, State
from minqing.matters.models import Category
from minqing.matters.models.naming import choices_of
from minqing.matters.protocols import CategoryLike
from minqing.matters.queries.finding import ANSWERED, ANY_OPEN, LEFT, UNKNOWN, Filters
from minqing.matters.queries.handlers import MINE, NOBODY
from minqing.matters.queries.measures import NAMES
from minqing.matters.queries.worklist import QUEUES
from minqing.matters.suggestion import tops
from minqing.web.forms import BootstrapFormMixin, Data, DayField

Choices = Iterable[Any]


def chosen(enum: Any) -> list[tuple[str, Any]]:
    return [(one.value, one.label) for one in enum]


def category_choices(rows: Sequence[CategoryLike], *, empty: object = None) -> list[object]:
    """First-level categories as groups; each group begins with the category itself."""
    groups: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    top = tops(rows)
    for row in rows:
        groups.setdefault(top[row.code], (row.called, []))[1].append((row.code, row.called))
    return [*([("", empty)] if empty is not None else []), *groups.values()]


def search_field() -> forms.CharField:
    return forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Words or number")}),
    )


def lines(rows: int, **attributes: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attributes})


class FilterForm(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares the field class as None
    """The list's filters, in its address. What cannot be is passed over, so that an old link still works."""

    text = search_field()
    state = forms.ChoiceField(label=_("State"), required=False)
    light = forms.ChoiceField(label=_("Deadline"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    area = forms.TypedChoiceField(label=_("Place"), required=False, coerce=int, empty_value=None)
    unit = forms.TypedChoiceField(label=_("Unit"), required=False, coerce=int, empty_value=None)
    channel = forms.ChoiceField(label=_("Way in"), required=False)
    since = DayField(label=_("Received from"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = DayField(label=_("Received to"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

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
    outcome = forms.ChoiceField(
        label=_("How it went"),
        required=False,
        choices=[
            ("", _("All")),
            *((one.value, one.label) for one in Outcome),
            (LEFT, _("Not fully solved")),
            (UNKNOWN, UNSAID),
        ],
    )
    figure = forms.ChoiceField(
        label=_("Counted in the figure"), required=False, choices=[("", _("All")), *NAMES.items()]
    )
    queue = forms.ChoiceField(
        label=_("Waits for me"),
        required=False,
        choices=[("", _("All")), *((one.name, one.label) for one in QUEUES.values())],
    )
    whose = forms.ChoiceField(
        label=_("Handler"),
        required=False,
        choices=[("", _("All")), (MINE, _("I am")), (NOBODY, _("Nobody named yet"))],
    )
    alone = forms.BooleanField(label=_("This place alone, without what lies below it"), required=False)

    def __init__(
        self,
        data: Data,
        *,
        areas: Callable[[], Choices],
        units: Callable[[], Choices],
        categories: Callable[[], Sequence[Category]],
    ) -> None:
        super().__init__(data, auto_id="filter-%s")
        everything = ("", _("All"))
        # called where a field is shown or filled in: hundreds of places and units, and mostly nobody asks for them
        offered = {
            "state": [
                everything,
                (ANY_OPEN, _("All not answered yet")),
                (ANSWERED, _("All answered")),
                *choices_of(State),
            ],
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
