"""A booking: a time for somebody, and what happens to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar, Unpack
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from minqing.bookings import services
from minqing.bookings.enums import State
from minqing.bookings.models import Booking, Service
from minqing.bookings.queries.times import Day
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.households.queries.files import Member
from minqing.web.forms import (
    BootstrapFormMixin,
    Data,
    DayField,
    FormOptions,
    OnceForm,
    SeenMixin,
)
from minqing.web.templatetags.mq import day_alone

Form = TypeVar("Form", bound=SeenMixin)
# as it stands in an address
MOMENT: Final = "%Y-%m-%dT%H:%M"


def moment_in(text: str) -> datetime | None:
    """The local time that is meant; None for what is none."""
    try:
        found = datetime.strptime(text, MOMENT).replace(tzinfo=clock.SHANGHAI)
    except ValueError:
        return None
    return found if DayField.FIRST <= found.date() <= DayField.LAST else None


def written(at: datetime) -> str:
    return at.astimezone(clock.SHANGHAI).strftime(MOMENT)


class TimeForm(OnceForm):
    """A time that was chosen, for somebody who is known already."""

    begins = forms.CharField(max_length=20, widget=forms.HiddenInput)

    def clean_begins(self) -> datetime:
        if (found := moment_in(self.cleaned_data["begins"])) is None:
            raise forms.ValidationError(_("Choose a time."))
        return found

    def book(self, *, service: Service, household: UUID, resident: UUID, by: Actor) -> Booking | None:
        data = self.cleaned_data
        return self.tried(
            lambda: services.book(
                id=data["request_id"],
                what=service,
                household=household,
                resident=resident,
                begins_at=data["begins"],
                by=by,
            )
        )


class BookForm(TimeForm):
    """For somebody without a phone: who of the household, and when."""

    resident = forms.ChoiceField(label=_("For whom?"), widget=forms.RadioSelect)
    begins = forms.CharField(label=_("When?"), max_length=20, widget=forms.Select)
    field_order = ("resident", "begins")

    def __init__(
        self, data: Data = None, *, members: Sequence[Member], days: Sequence[Day], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.fields["resident"].choices = [(str(one.id), one.name) for one in members]  # type: ignore[attr-defined]
        # in the field alone the hour would not say on which of the days
        shown = [
            (day_name(one.day), [(written(at), f"{day_alone(one.day)} {hour(at)}") for at in one.times])
            for one in days
            if one.times
        ]
        self.fields["begins"].widget.choices = [("", _("Choose one")), *shown]

    def apply(self, *, service: Service, household: UUID, by: Actor) -> Booking | None:
        resident = UUID(self.cleaned_data["resident"])
        return self.book(service=service, household=household, resident=resident, by=by)


def day_name(day: date) -> str:
    return f"{day_alone(day)} {date_format(day, 'l')}"


def hour(at: datetime) -> str:
    return f"{at.astimezone(clock.SHANGHAI):%H:%M}"


class WaitForm(OnceForm):
    """Told when a time of a day is free; a day that is full is chosen."""

    day = DayField(label=_("Day"), widget=forms.Select)
    resident = forms.ChoiceField(label=_("For whom?"), widget=forms.RadioSelect, required=False)

    def __init__(
        self, data: Data = None, *, members: Sequence[Member] = (), days: Sequence[Day], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        full = [(one.day.isoformat(), day_name(one.day)) for one in days if not one.times]
        self.fields["day"].widget.choices = full
        self.any = bool(full)
        if members:
            self.fields["resident"].choices = [(str(one.id), one.name) for one in members]  # type: ignore[attr-defined]
            self.fields["resident"].required = True
        else:
            del self.fields["resident"]

    def join(self, *, service: Service, household: UUID, resident: UUID, by: Actor) -> Any:
        data = self.cleaned_data
        day: date = data["day"]
        return self.tried(
            lambda: services.join_waiting(
                id=data["request_id"], what=service, household=household, resident=resident, day=day, by=by
            )
        )


class BookingFilter(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """What the list of bookings can be narrowed to."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *((one.value, one.label) for one in State)]
    )
    provider = forms.TypedChoiceField(label=_("Provider"), coerce=int, required=False)

    def __init__(self, data: Data, *, providers: Sequence[tuple[int, str]]) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.fields["provider"].choices = [("", _("All")), *providers]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        """What narrows the list; what there is not narrows nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
