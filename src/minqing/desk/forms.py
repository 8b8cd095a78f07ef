"""The leader's page: which days, which area."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.web.forms import BootstrapFormMixin, DayField

PERIODS = {
    "week": (7, _("7 days")),
    "month": (30, _("30 days")),
    "quarter": (90, _("90 days")),
    "year": (365, _("12 months")),
}
DEFAULT = "month"


class LeaderFilter(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """A period that ends today, or two days, which count for more; and an area."""

    period = forms.ChoiceField(
        label=_("Period"),
        required=False,
        choices=[(name, label) for name, (_days, label) in PERIODS.items()],
    )
    since = DayField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = DayField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    area = forms.TypedChoiceField(label=_("Area"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, areas: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["area"].choices = [("", _("All")), *areas]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("The last day is before the first."))
        return data

    def days(self, today: date) -> tuple[date, date]:
        """First and last local day, both included; what cannot be read counts as the usual 30 days."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        if data.get("since"):
            return data["since"], data.get("until") or max(today, data["since"])
        length, _label = PERIODS.get(data.get("period") or DEFAULT, PERIODS[DEFAULT])
        first = today - timedelta(days=length - 1)
        # whole months from the first on, so that the twelve bars compare
        return (first.replace(day=1) if length > 300 else first), today
