"""Something that people may have for points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.files.forms import KeepsPictures, PicturesField
from minqing.redeeming.enums import ItemKind
from minqing.redeeming.models import Item
from minqing.redeeming.rules import DEAREST, OFTEN
from minqing.redeeming.services import add_item, change_item
from minqing.redeeming.services.catalogue import Words
from minqing.web.forms import Data, Files, FormOptions, OnceForm, SeenMixin


class SaysMixin(KeepsPictures):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(one.value, one.label) for one in ItemKind], initial=ItemKind.GOOD.value
    )
    name = forms.CharField(
        label=_("What it is called"), max_length=40, help_text=_("As people call it: a bottle of water")
    )
    price = forms.IntegerField(label=_("Points"), min_value=1, max_value=DEAREST)
    monthly_limit = forms.IntegerField(
        label=_("How many a month one person may have"), min_value=1, max_value=OFTEN, required=False
    )
    photos = PicturesField(label=_("Picture"), max=1)

    def words(self, *, by: Actor) -> Words:
        data = self.cleaned_data
        said = Words(
            kind=ItemKind(data["kind"]),
            name=data["name"],
            price=data["price"],
            monthly_limit=data["monthly_limit"],
        )
        # a new picture takes the place of the old one; without one the old one stays
        pictures: list[UUID] = self.all_pictures(by=by)
        return Words(**said, picture=pictures[-1]) if pictures else said


class AddItemForm(SaysMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    area = forms.TypedChoiceField(label=_("For the people of"), coerce=int)
    field_order = ("area", "kind", "name", "price", "monthly_limit", "photos")

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        places: Sequence[tuple[int, str]],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["area"].choices = places  # type: ignore[attr-defined]

    def apply(self, *, by: Actor) -> Item:
        data = self.cleaned_data
        return add_item(id=data["request_id"], area_id=data["area"], by=by, **self.words(by=by))


class ChangeItemForm(SeenMixin, SaysMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    active = forms.BooleanField(label=_("It is offered"), required=False)

    def apply(self, *, item: Item, by: Actor) -> Item:
        return change_item(item=item, active=self.cleaned_data["active"], by=by, **self.words(by=by))
