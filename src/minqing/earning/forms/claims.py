"""A claim keyed in from paper, and what the list of claims can be narrowed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.earning import services
from minqing.earning.enums import Category, State
from minqing.earning.models import Claim
from minqing.earning.queries import Groups
from minqing.earning.rules import LONGEST_WORDS
from minqing.households.protocols import HouseholdLike
from minqing.households.queries.files import Member
from minqing.web.forms import BootstrapFormMixin, Data, DayField, Files, FormOptions, OnceForm

HOUSEHOLD = "household"


def whose(members: Sequence[Member], *, together: bool = True) -> list[tuple[str, Any]]:
    people = [(str(one.id), one.name) for one in members]
    return [*people, (HOUSEHOLD, _("The household together"))] if together else people


class PaperForm(OnceForm):
    """A claim on paper, keyed in by a cadre for somebody of the household."""

    resident = forms.ChoiceField(label=_("Who did it?"), widget=forms.RadioSelect)
    code = forms.ChoiceField(label=_("What was done"))
    happened_on = DayField(
        label=_("On which day?"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = forms.CharField(label=_("Where was it?"), max_length=200, required=False)
    witness = forms.CharField(label=_("Who saw it?"), max_length=60, required=False)
    words = forms.CharField(
        label=_("In words"), required=False, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        members: Sequence[Member],
        groups: Groups,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        self.members = {str(one.id): one for one in members}
        self.fields["resident"].choices = whose(members)  # type: ignore[attr-defined]
        named = [(group, [(row.function_id, f"{row.name} · {row.points}") for row in rows]) for group, rows in groups]
        self.fields["code"].choices = [("", _("Choose one")), *named]  # type: ignore[attr-defined]

    def apply(self, *, household: HouseholdLike, by: Actor) -> Claim | None:
        """The claim; None where the service finds something wrong, which the form then says."""
        data = self.cleaned_data
        one = self.members.get(data["resident"])
        rest = {name: data[name] for name in ("code", "happened_on", "place", "witness", "words")}
        return self.tried(
            lambda: services.send_claim(
                id=data["request_id"],
                area_id=household.area_id,
                household_id=household.pk,
                resident_id=one.id if one else None,
                name=one.name if one else household.number,
                by=by,
                **rest,
            )
        )


class ClaimFilter(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """What the list of claims can be narrowed to."""

    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("All")), *((one.value, one.label) for one in Category)]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *((one.value, one.label) for one in State)]
    )

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data, auto_id="filter-%s")

    @property
    def chosen(self) -> dict[str, str]:
        """What narrows the list; what there is not narrows nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
