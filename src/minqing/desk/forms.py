"""The leader's page: which days, which area."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.web.forms import BootstrapFormMixin, Data, DayField, FormOptions

WEEK, MONTH, QUARTER, YEAR = "week", "month", "quarter", "year"
PERIODS = {WEEK: _("7 days"), MONTH: _("30 days"), QUARTER: _("This quarter"), YEAR: _("12 months")}
DEFAULT = MONTH


class LeaderFilter(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """A period that ends today, or two days, which count for more; and an area."""

    period = forms.ChoiceField(
        label=_("Period"), required=False, choices=list(PERIODS.items()), widget=forms.HiddenInput
    )
    area = forms.TypedChoiceField(label=_("Place"), required=False, coerce=int, empty_value=None)
    since = DayField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = DayField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Data = None, *, areas: Sequence[tuple[int, str]], **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        self.fields["area"].choices = [("", _("All")), *areas]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("The last day is before the first."))
        return data

    @property
    def chosen(self) -> dict[str, Any]:
        """What was asked for; nothing where it cannot be read."""
        return self.cleaned_data if self.is_bound and self.is_valid() else {}

    @property
    def period_chosen(self) -> str:
        """One of :data:`PERIODS`, empty where days were chosen."""
        return "" if self.chosen.get("since") else str(self.chosen.get("period") or DEFAULT)

    @property
    def area_name(self) -> str:
        """That of the area chosen; empty for all."""
        choices: Any = self.fields["area"].choices  # type: ignore[attr-defined]
        area = self.chosen.get("area")
        return str(dict(choices)[area]).strip() if area else ""

    def days(self, today: date) -> tuple[date, date]:
        """First and last local day, both included; what cannot be read counts as the usual 30 days."""
        if self.chosen.get("since"):
            return self.chosen["since"], self.chosen.get("until") or max(today, self.chosen["since"])
        return first_day(self.period_chosen, today), today


def first_day(period: str, today: date) -> date:
    if period == QUARTER:
        return today.replace(month=today.month - (today.month - 1) % 3, day=1)
    if period == YEAR:
        # whole months from the first on
        return (today - timedelta(days=364)).replace(day=1)
    return today - timedelta(days=6 if period == WEEK else 29)
