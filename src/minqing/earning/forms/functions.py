"""The operator's form of a function."""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.earning import rules
from minqing.earning.enums import Category, Confirmer, Evidence
from minqing.earning.models import FunctionVersion
from minqing.earning.queries import LIMITS
from minqing.earning.queries.budgets import stored_budgets
from minqing.earning.services import add_function, change_function
from minqing.earning.services.functions import SAID, Said
from minqing.org.queries import who_changed
from minqing.web.forms import Data, DayField, Files, FormOptions, OnceForm, SeenMixin


def times(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=rules.MOST_TIMES)


class FunctionForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """All that is said of a function; saving makes a new version of it."""

    name = forms.CharField(label=_("Name of the function"), max_length=40)
    what = forms.CharField(label=_("What is done"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=rules.MOST_POINTS)
    evidence = forms.MultipleChoiceField(
        label=_("Evidence asked"),
        required=False,
        choices=[(one.value, one.label) for one in Evidence],
        widget=forms.CheckboxSelectMultiple,
    )
    confirmer = forms.ChoiceField(
        label=_("Who confirms it"), choices=[(one.value, one.label) for one in Confirmer], widget=forms.RadioSelect
    )
    person_day = times(_("One person at most, in a day"))
    person_season = times(_("One person at most, in a quarter"))
    household_day = times(_("A household at most, in a day"))
    household_season = times(_("A household at most, in a quarter"))
    budget = forms.ChoiceField(
        label=_("Paid from"), required=False, help_text=_("A budget is used up until its next period begins.")
    )
    ends_on = DayField(
        label=_("Last day"), required=False, help_text=_("What is done later is not thanked for. Empty: no last day.")
    )
    withdrawn = forms.BooleanField(
        label=_("Out of use"), required=False, help_text=_("Nobody claims it any more. What was given stays.")
    )

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        row: FunctionVersion | None = None,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        self.function = row.function_id if row else ""
        self.fields["ends_on"].widget.input_type = "date"
        budgets = [(one.pk, one.name) for one in stored_budgets()]
        self.fields["budget"].choices = [("", _("Issued by the county")), *budgets]  # type: ignore[attr-defined]
        if row is not None:
            self.initial = {name: getattr(row, name) for name in SAID} | {"budget": row.budget_id or ""}
            subject = f"function:{row.function_id}"
            self.stands_at(subject, row.number, told=partial(who_changed, subject))

    @property
    def said(self) -> Said:
        data = self.cleaned_data
        rest = {name: data[name] for name in ("name", "what", "points", *LIMITS, "ends_on")}
        return Said(
            evidence=[Evidence(one) for one in data["evidence"]],
            confirmer=Confirmer(data["confirmer"]),
            withdrawn=data.get("withdrawn", False),
            budget=data["budget"],
            **rest,
        )

    def apply(self, *, by: Actor) -> FunctionVersion:
        return change_function(id=self.cleaned_data["request_id"], code=self.function, said=self.said, by=by)


class NewFunctionForm(FunctionForm):
    """One more function."""

    code = forms.CharField(
        label=_("Code"), max_length=30, help_text=_("Small letters, digits, underscores. It never changes.")
    )
    category = forms.ChoiceField(label=_("Category"), choices=[(one.value, one.label) for one in Category])
    field_order = ("category", "name", "what", "points", "code")

    def __init__(self, data: Data = None, files: Files = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, files, **options)
        del self.fields["withdrawn"]

    def apply(self, *, by: Actor) -> FunctionVersion:
        data = self.cleaned_data
        category = Category(data["category"])
        return add_function(id=data["request_id"], code=data["code"], category=category, said=self.said, by=by)
