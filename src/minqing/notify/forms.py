"""The form in which somebody says how they want to be told."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import time
from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.notify.enums import Channel, Mode
from minqing.notify.kinds import choosable
from minqing.notify.rules import Wish
from minqing.web.forms import Data, Files, FormOptions, OnceForm, SeenMixin, needed

# what people write themselves; the others come with a sign-in
TYPED = (Channel.SMS, Channel.EMAIL)
ADDRESS_LABELS = {Channel.SMS: _("Mobile number"), Channel.EMAIL: _("E-mail address")}
TEST_LABELS = {
    **ADDRESS_LABELS,
    Channel.WECHAT: _("openid of the person in the mini program"),
    Channel.DINGTALK: _("User id in DingTalk"),
}

NOT_CONNECTED = _("Your account is not connected with it yet, so nothing can be sent there.")


class ClockInput(forms.TimeInput):
    input_type = "time"


class ChoicesForm(SeenMixin):
    """One mode a channel that is set up, the addresses people type, quiet hours, kinds. Saving twice is saving once."""

    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=ClockInput(format="%H:%M"))
    quiet_to = forms.TimeField(label=_("Quiet until"), required=False, widget=ClockInput(format="%H:%M"))
    kinds_on = forms.MultipleChoiceField(
        label=_("Also outside the app"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is not ticked you find in the app alone."),
    )

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        channels: Iterable[Channel],
        actor: Actor | None = None,
        reached: Container[Channel] = frozenset(),
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        needed(_("both or neither"), self.fields["quiet_from"], self.fields["quiet_to"])
        self.channels = list(channels)
        self.choosable = choosable(actor)
        kinds = [(kind.code, kind.label) for kind in self.choosable]
        self.fields["kinds_on"].choices = kinds  # type: ignore[attr-defined]
        if not kinds:
            del self.fields["kinds_on"]
        modes = [(mode.value, mode.label) for mode in Mode]
        for channel in self.channels:
            note = "" if channel in TYPED or channel in reached else NOT_CONNECTED
            self.fields[f"mode_{channel}"] = forms.ChoiceField(label=channel.label, choices=modes, help_text=note)
            if channel in TYPED:
                self.fields[f"address_{channel}"] = forms.CharField(
                    label=ADDRESS_LABELS[channel], required=False, max_length=200, widget=widget(channel)
                )

    def clean(self) -> dict[str, object]:
        data: dict[str, object] = super().clean() or self.cleaned_data
        if (data.get("quiet_from") is None) != (data.get("quiet_to") is None) and not self.errors:
            self.add_error("quiet_to", _("Give both hours, or leave both empty."))
        return data

    @property
    def groups(self) -> list[tuple[Any, Any]]:
        """For the template: each channel's mode and, where it is typed, its address."""
        return [
            (self[f"mode_{channel}"], self[f"address_{channel}"] if channel in TYPED else None)
            for channel in self.channels
        ]

    def modes(self) -> dict[Channel, Mode]:
        return {channel: Mode(self.cleaned_data[f"mode_{channel}"]) for channel in self.channels}

    def addresses(self) -> dict[Channel, str]:
        return {channel: self.cleaned_data[f"address_{channel}"] for channel in self.channels if channel in TYPED}

    def kinds_off(self) -> set[str]:
        """What was not offered, as to somebody who has another post now, stays as it was."""
        offered = {kind.code for kind in self.choosable}
        before = {kind.code for kind in choosable()} - set(self.initial.get("kinds_on", ()))
        return (before - offered) | (offered - set(self.cleaned_data.get("kinds_on", ())))

    def quiet(self) -> tuple[time, time] | None:
        start, end = self.cleaned_data["quiet_from"], self.cleaned_data["quiet_to"]
        return None if start is None or end is None else (start, end)


def widget(channel: Channel) -> forms.Widget:
    if channel is Channel.EMAIL:
        return forms.EmailInput(attrs={"autocomplete": "email"})
    return forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})


def initial(wishes: Mapping[Channel, Wish], addresses: Mapping[Channel, str]) -> dict[str, Any]:
    """What the form shows of what is kept; hours and kinds are the same for all channels."""
    any_wish = next(iter(wishes.values()))
    shown: dict[str, object] = {"quiet_from": any_wish.quiet_from, "quiet_to": any_wish.quiet_to}
    shown["kinds_on"] = [kind.code for kind in choosable() if kind.code not in any_wish.kinds_off]
    for channel, wish in wishes.items():
        shown[f"mode_{channel}"] = wish.mode.value
        shown[f"address_{channel}"] = addresses.get(channel, "")
    return shown


class TestForm(OnceForm):
    """Where a test message goes; the same form sent twice is one message."""

    address = forms.CharField(max_length=200)

    def __init__(
        self, data: Data = None, files: Files = None, *, channel: Channel, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, files, **options)
        field = self.fields["address"]
        field.label = TEST_LABELS[channel]
        field.widget.attrs |= {"autocomplete": "off"}
