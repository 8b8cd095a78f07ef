"""What is said of an activity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.activities.models import Activity
from minqing.activities.rules import LONGEST_PLACE, LONGEST_TITLE, LONGEST_WORDS, MOST_PEOPLE
from minqing.activities.services import change_activity, write_activity
from minqing.activities.services.activities import Said
from minqing.core.actor import Actor
from minqing.earning.queries import Groups
from minqing.web.forms import Data, Files, FormOptions, MomentField, OnceForm, SeenMixin


def moment(label: Any, **more: Any) -> MomentField:
    return MomentField(
        label=label, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"), **more
    )


class ActivityForm(OnceForm):
    """A new one."""

    area = forms.TypedChoiceField(label=_("For the people of"), coerce=int)
    title = forms.CharField(label=_("What it is called"), max_length=LONGEST_TITLE)
    place = forms.CharField(label=_("Place"), max_length=LONGEST_PLACE)
    starts_at = moment(_("Begins"))
    ends_at = moment(_("Ends"))
    sign_up_until = moment(_("Sign up until"))
    function = forms.ChoiceField(
        label=_("Thanked for as"),
        help_text=_("All who came get the points of this function, as they are when you publish the activity."),
    )
    capacity = forms.IntegerField(
        label=_("How many people at most"),
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text=_("Empty: as many as like. Who signs up beyond it waits for a place."),
    )
    words = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What is done, what to bring, whom to ask."),
    )

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        places: Sequence[tuple[int, str]],
        groups: Groups,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        if "area" in self.fields:
            self.fields["area"].choices = places  # type: ignore[attr-defined]
        named = [(group, [(row.function_id, f"{row.name} · {row.points}") for row in rows]) for group, rows in groups]
        self.fields["function"].choices = [("", _("Choose one")), *named]  # type: ignore[attr-defined]

    @property
    def said(self) -> Said:
        data = self.cleaned_data
        return Said(
            title=data["title"],
            words=data["words"],
            place=data["place"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            sign_up_until=data["sign_up_until"],
            function=data["function"],
            capacity=data["capacity"],
        )

    def apply(self, *, by: Actor) -> Activity | None:
        """The activity; None where the service finds something wrong, which the form then says."""
        data = self.cleaned_data
        return self.tried(lambda: write_activity(id=data["request_id"], area_id=data["area"], by=by, **self.said))


class ChangeForm(SeenMixin, ActivityForm):  # type: ignore[misc]  # as OnceForm
    """Something else of a draft."""

    # a draft stays in its place
    area = None  # type: ignore[assignment]

    def apply(self, *, by: Actor, activity: Activity | None = None) -> Activity | None:
        if activity is None:
            return None
        return self.tried(lambda: change_activity(activity=activity, by=by, **self.said))
