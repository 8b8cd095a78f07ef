"""What is said of an activity, and what moves it on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.activities.models import Activity
from minqing.activities.rules import LONGEST_PLACE, LONGEST_TITLE, LONGEST_WORDS, MOST_PEOPLE
from minqing.activities.services import cancel_activity, change_activity, send_back_list, write_activity
from minqing.activities.services.activities import Said
from minqing.core.actor import Actor
from minqing.core.errors import DomainError, TwoTexts
from minqing.earning.queries import Groups
from minqing.web.forms import Data, Files, FormOptions, MomentField, OnceForm, OnceSeenMixin, SeenMixin, was_sent_again


def moment(label: Any, **more: Any) -> MomentField:
    return MomentField(
        label=label, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"), **more
    )


def kept(form: Any, error: DomainError) -> None:
    """What a service refuses stands in the form; a refusal of the person is a page of its own."""
    if isinstance(error, TwoTexts) or error.http_status == 403:
        raise error
    form.add_error(None, str(error.sentence))


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
        try:
            return write_activity(id=data["request_id"], area_id=data["area"], by=by, **self.said)
        except DomainError as error:
            kept(self, error)
            return None


class ChangeForm(SeenMixin, ActivityForm):  # type: ignore[misc]  # as OnceForm
    """Something else of a draft."""

    # a draft stays in its place
    area = None  # type: ignore[assignment]

    def apply(self, *, by: Actor, activity: Activity | None = None) -> Activity | None:
        if activity is None:
            return None
        try:
            return change_activity(activity=activity, by=by, **self.said)
        except DomainError as error:
            kept(self, error)
            return None


class ReasonsForm(OnceSeenMixin):
    """A move for which a reason is given."""

    reasons = forms.CharField(label=_("Reasons"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 2}))

    def apply(self, *, activity: Activity, by: Actor) -> bool:
        if was_sent_again():
            return True
        try:
            self.move(activity=activity, reasons=self.cleaned_data["reasons"], by=by)
        except DomainError as error:
            kept(self, error)
            return False
        return True

    def move(self, *, activity: Activity, reasons: str, by: Actor) -> None:
        raise NotImplementedError


class CancelForm(ReasonsForm):
    def move(self, *, activity: Activity, reasons: str, by: Actor) -> None:
        cancel_activity(activity=activity, reasons=reasons, by=by)


class SendBackForm(ReasonsForm):
    def move(self, *, activity: Activity, reasons: str, by: Actor) -> None:
        send_back_list(activity=activity, reasons=reasons, by=by)
