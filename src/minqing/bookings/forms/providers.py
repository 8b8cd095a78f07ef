"""A provider: added, what it does, when it is there, who acts for it, closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Unpack
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from minqing.bookings import services
from minqing.bookings.enums import HoursKind
from minqing.bookings.models import Provider
from minqing.bookings.rules import DEAREST, LONGEST, LONGEST_WORDS, SHORTEST
from minqing.core.actor import Actor
from minqing.web.forms import Data, DayField, Files, FormOptions, OnceForm, SeenMixin

Pairs = Sequence[tuple[Any, str]]
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class OpenProviderForm(OnceForm):
    area = forms.TypedChoiceField(label=_("Place"), coerce=int)
    name = forms.CharField(
        label=_("Who provides it"), max_length=40, help_text=_("As people know them: the barber, the clinic's team")
    )
    serves = forms.TypedMultipleChoiceField(
        label=_("Whose people they serve"),
        coerce=int,
        required=False,
        help_text=_("Nothing chosen: those of the place alone."),
    )
    hands = forms.MultipleChoiceField(
        label=_("Who acts for them here"),
        help_text=_("They see the bookings, and say when somebody is there and that it is done."),
    )

    def __init__(
        self, data: Data = None, files: Files = None, *, places: Pairs, people: Pairs, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["area"].choices = places  # type: ignore[attr-defined]
        self.fields["serves"].choices = places  # type: ignore[attr-defined]
        self.fields["hands"].choices = people  # type: ignore[attr-defined]

    def apply(self, *, by: Actor) -> Any:
        data = self.cleaned_data
        return self.tried(
            lambda: services.open_provider(
                id=data["request_id"],
                area_id=data["area"],
                name=data["name"],
                serves=data["serves"],
                hands=[UUID(one) for one in data["hands"]],
                by=by,
            )
        )


class HandsForm(SeenMixin):
    hands = forms.MultipleChoiceField(label=_("Who acts for them here"), required=False)

    def __init__(
        self, data: Data = None, files: Files = None, *, people: Pairs, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["hands"].choices = people  # type: ignore[attr-defined]

    def apply(self, *, provider: Provider, by: Actor) -> Any:
        hands = [UUID(one) for one in self.cleaned_data["hands"]]
        return self.tried(lambda: services.change_hands(provider=provider, hands=hands, by=by))


class ServiceForm(OnceForm):
    name = forms.CharField(label=_("What they do"), max_length=40)
    price = forms.IntegerField(label=_("Points"), min_value=1, max_value=DEAREST)
    minutes = forms.IntegerField(label=_("How many minutes"), min_value=SHORTEST, max_value=LONGEST)
    place = forms.CharField(
        label=_("At which place"),
        max_length=80,
        required=False,
        help_text=_("Empty: at home. Else where one goes for it."),
    )

    def apply(self, *, provider: Provider, by: Actor) -> Any:
        data = dict(self.cleaned_data)
        id = data.pop("request_id")
        return self.tried(lambda: services.add_service(id=id, provider=provider, by=by, **data))


class HoursForm(OnceForm):
    kind = forms.ChoiceField(label=_("How often"), choices=[(one.value, one.label) for one in HoursKind])
    weekday = forms.TypedChoiceField(
        label=_("Weekday"), coerce=int, empty_value=None, required=False, choices=[("", "–"), *WEEKDAYS.items()]
    )
    day = DayField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    begins = forms.TimeField(label=_("From"), required=False, widget=CLOCK)
    ends = forms.TimeField(label=_("Until when"), required=False, widget=CLOCK)

    def apply(self, *, provider: Provider, by: Actor) -> Any:
        data = dict(self.cleaned_data)
        id, kind = data.pop("request_id"), HoursKind(data.pop("kind"))
        return self.tried(lambda: services.add_hours(id=id, kind=kind, provider=provider, by=by, **data))


class CloseForm(SeenMixin):
    words = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Those whose booking is called off read it."),
    )

    def apply(self, *, provider: Provider, by: Actor) -> Any:
        words = self.cleaned_data["words"]
        return self.tried(lambda: (services.close_provider(provider=provider, words=words, by=by),))


class DayForm(forms.Form):
    """Which day of a provider is looked at; nothing for what is none."""

    day = DayField(required=False)

    @property
    def asked(self) -> date | None:
        return self.cleaned_data.get("day") if self.is_valid() else None
