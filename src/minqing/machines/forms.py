"""What a person says at a machine, and what the staff say of one."""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.machines import rules
from minqing.machines.models import LOW, Machine, Slot, Vend
from minqing.machines.queries import goods_for
from minqing.machines.services import register_machine, reserve_vend, save_slot
from minqing.org.queries import areas_within, who_changed
from minqing.web.forms import Data, Files, FormOptions, OnceForm, Press, SeenMixin

MOST_SLOTS = 60


class ChooseForm(OnceForm):
    """One piece out of a slot. ``mark`` says which picture of the screen it was opened from."""

    number = forms.IntegerField(min_value=0, max_value=32767, widget=forms.HiddenInput)
    price = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    mark = forms.CharField(max_length=300, widget=forms.HiddenInput)

    def apply(self, *, machine: Machine, period: int, account: int, person: int, by: Actor) -> Vend:
        data = self.cleaned_data
        return reserve_vend(
            id=data["request_id"],
            machine=machine.pk,
            number=data["number"],
            period=period,
            account=account,
            person=person,
            price=data["price"],
            by=by,
        )


class MachineForm(OnceForm):
    name = forms.CharField(label=_("Name of the machine"), max_length=60)
    area = forms.TypedChoiceField(label=_("Village"), coerce=int)
    place = forms.CharField(label=_("Place of the machine"), max_length=120, required=False)

    def __init__(self, data: Data = None, files: Files = None, *, actor: Actor, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, files, **options)
        villages = areas_within(actor).filter(level="village")
        self.fields["area"].choices = [(one.id, one.name) for one in villages]  # type: ignore[attr-defined]

    def apply(self, *, by: Actor) -> Machine:
        data = self.cleaned_data
        return register_machine(
            id=data["request_id"], name=data["name"], place=data["place"], area_id=data["area"], by=by
        )


class SlotForm(SeenMixin):
    """What is in a slot, as it was counted after filling."""

    item = forms.TypedChoiceField(label=_("What is in it"), coerce=UUID)
    stock = forms.IntegerField(label=_("Pieces in it now, counted"), min_value=0, max_value=rules.MOST_STOCK)
    low = forms.IntegerField(label=_("Tell when so few are left"), min_value=0, max_value=rules.MOST_STOCK, initial=LOW)

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        machine: Machine,
        number: int,
        slot: Slot | None,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        self.machine, self.number = machine, number
        goods = [(one.pk, priced(one)) for one in goods_for(machine)]
        self.fields["item"].choices = goods  # type: ignore[attr-defined]
        if slot is not None:
            self.initial = {"item": slot.item_id, "stock": slot.stock, "low": slot.low}
        subject = f"machine-slot:{machine.pk}:{number}"
        version = slot.changed_at if slot else ""
        self.stands_at(subject, version, told=partial(who_changed, f"machine:{machine.pk}"))

    def apply(self, *, by: Actor) -> Slot:
        return save_slot(machine=self.machine, number=self.number, by=by, **self.cleaned_data)


def priced(item: Any) -> str:
    return str(_("%(name)s · %(price)s points") % {"name": item.name, "price": item.price})


def key_press(machine: Machine, data: Any = None) -> Press:
    """A new key is made in place of the one that stood there."""
    return Press(f"machine-key:{machine.pk}", str(machine.key_made_at or ""), data=data)


def lock_press(machine: Machine, data: Any = None) -> Press:
    return Press(f"machine-lock:{machine.pk}", str(machine.locked_at or ""), data=data)


def decide_press(vend: Vend, data: Any = None) -> Press:
    return Press(f"vend:{vend.pk}", [vend.state, vend.changed_at], data=data)
