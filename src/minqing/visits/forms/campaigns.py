"""What is asked of a round of visits, and the button that ends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.hazards.queries.checklists import current_checklists
from minqing.visits.models import Campaign
from minqing.visits.services import open_campaign
from minqing.visits.services.campaigns import LONGEST_NAME, LONGEST_WORDS
from minqing.web.forms import Data, Files, FormOptions, OnceForm, Press


def day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class CampaignForm(OnceForm):
    name = forms.CharField(label=_("What it is called"), max_length=LONGEST_NAME)
    area = forms.TypedChoiceField(label=_("In which place"), coerce=int)
    since = day(_("First day"))
    until = day(_("Last day"))
    tags = forms.MultipleChoiceField(
        label=_("Only households with a tag"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every household. Tags that not everybody may see cannot be chosen."),
    )
    hazards = forms.MultipleChoiceField(
        label=_("What to look out for"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    words = forms.CharField(
        label=_("In words"), required=False, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        places: Sequence[tuple[int, str]],
        tags: Sequence[tuple[str, str]],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["area"].choices = places  # type: ignore[attr-defined]
        self.fields["tags"].choices = tags  # type: ignore[attr-defined]
        self.fields["hazards"].choices = [(one.code, one.name) for one in current_checklists()]  # type: ignore[attr-defined]

    def apply(self, *, by: Actor) -> Campaign | None:
        """What was made; None where it was refused, with its sentence in the form."""
        data = self.cleaned_data
        made: Campaign | None = self.tried(
            lambda: open_campaign(
                id=data["request_id"],
                name=data["name"],
                area_id=data["area"],
                since=data["since"],
                until=data["until"],
                tags=data["tags"],
                hazards=data["hazards"],
                words=data["words"],
                by=by,
            )
        )
        return made


def close_press(campaign: Campaign, data: Data = None) -> Press:
    return Press(f"campaign:{campaign.pk}", [campaign.closed_at], data=data)
