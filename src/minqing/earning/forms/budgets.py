"""The operator's form of a budget."""

from __future__ import annotations

from functools import partial
from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.earning import rules
from minqing.earning.enums import Period
from minqing.earning.models import Budget
from minqing.earning.services import BudgetTerms, add_budget, change_budget
from minqing.org.queries import who_changed
from minqing.web.forms import Data, Files, FormOptions, OnceForm, SeenMixin


class BudgetForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """What is said of a budget."""

    name = forms.CharField(label=_("Name of the budget"), max_length=40)
    points = forms.IntegerField(
        label=_("Points in each period"),
        min_value=1,
        max_value=rules.MOST_BUDGET,
        help_text=_("What is more is there at once; of what is less only what is left is given up."),
    )
    period = forms.ChoiceField(
        label=_("Period"), choices=[(one.value, one.label) for one in Period], widget=forms.RadioSelect
    )

    def __init__(
        self, data: Data = None, files: Files = None, *, row: Budget | None = None, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, files, **options)
        self.row = row
        if row is not None:
            self.initial = {"name": row.name, "points": row.points, "period": row.period}
            subject = f"budget:{row.pk}"
            self.stands_at(subject, row.changed_at, told=partial(who_changed, subject))

    @property
    def wanted(self) -> BudgetTerms:
        data = self.cleaned_data
        return BudgetTerms(name=data["name"], points=data["points"], period=Period(data["period"]))

    def apply(self, *, by: Actor) -> Budget:
        code = str(self.row.pk) if self.row else ""
        return change_budget(id=self.cleaned_data["request_id"], code=code, wanted=self.wanted, by=by)


class NewBudgetForm(BudgetForm):
    """One more budget."""

    code = forms.CharField(
        label=_("Code"), max_length=30, help_text=_("Small letters, digits, underscores. It never changes.")
    )
    field_order = ("code", "name", "points", "period")

    def apply(self, *, by: Actor) -> Budget:
        data = self.cleaned_data
        return add_budget(id=data["request_id"], code=data["code"], wanted=self.wanted, by=by)
