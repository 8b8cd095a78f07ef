"""What is asked of a shop: to open it, who keeps it, what came in, what somebody has, what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.redeeming import services
from minqing.redeeming.enums import Reason
from minqing.redeeming.models import Sale, SaleLine, Settled, Shop, Stock
from minqing.redeeming.queries.catalogue import offered_in
from minqing.redeeming.queries.papers import figures
from minqing.redeeming.rules import DEAREST, LONGEST_WORDS, MOST_AT_ONCE
from minqing.web.forms import Data, DayField, Files, FormOptions, OnceForm, SeenMixin

People = Sequence[tuple[str, str]]


class OpenShopForm(OnceForm):
    area = forms.TypedChoiceField(label=_("Place"), coerce=int)
    name = forms.CharField(label=_("What the shop is called"), max_length=40)
    keepers = forms.MultipleChoiceField(label=_("Who takes points there"))

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        places: Sequence[tuple[int, str]],
        people: People,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["area"].choices = places  # type: ignore[attr-defined]
        self.fields["keepers"].choices = people  # type: ignore[attr-defined]

    def apply(self, *, by: Actor) -> Shop:
        data = self.cleaned_data
        return services.open_shop(
            id=data["request_id"],
            area_id=data["area"],
            name=data["name"],
            keepers=[UUID(one) for one in data["keepers"]],
            by=by,
        )


class KeepersForm(SeenMixin):
    keepers = forms.MultipleChoiceField(label=_("Who takes points there"), required=False)

    def __init__(
        self, data: Data = None, files: Files = None, *, people: People, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["keepers"].choices = people  # type: ignore[attr-defined]

    def apply(self, *, shop: Shop, by: Actor) -> Shop:
        keepers = [UUID(one) for one in self.cleaned_data["keepers"]]
        return services.change_keepers(shop=shop, keepers=keepers, by=by)


class CloseForm(SeenMixin):
    """From when a shop takes no points any more, and why."""

    day = DayField(
        label=_("It takes no points from this day on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    words = forms.CharField(
        label=_("Why"), max_length=LONGEST_WORDS, help_text=_("People read it beside the shop's name on their phone.")
    )

    def apply(self, *, shop: Shop, by: Actor) -> Shop | None:
        data = self.cleaned_data
        return self.tried(lambda: services.close_shop(shop=shop, day=data["day"], words=data["words"], by=by))


class StockForm(OnceForm):
    item = forms.ChoiceField(label=_("What came in"))
    count = forms.IntegerField(
        label=_("How many"),
        min_value=-DEAREST,
        max_value=DEAREST,
        help_text=_("With a minus before it: so many fewer were counted."),
    )

    def __init__(self, data: Data = None, files: Files = None, *, shop: Shop, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, files, **options)
        self.items = {str(one.pk): one for one in offered_in(shop.area_id)}
        self.fields["item"].choices = [(key, one.name) for key, one in self.items.items()]  # type: ignore[attr-defined]

    def apply(self, *, shop: Shop, by: Actor) -> Any:
        data = self.cleaned_data
        item = self.items[data["item"]]
        return self.tried(
            lambda: services.stock_shop(id=data["request_id"], shop=shop, item=item, count=data["count"], by=by)
        )


class SellForm(OnceForm):
    """The code that somebody shows, and of each thing in the shop how many they take at the price that is shown."""

    unmarked = True

    code = forms.CharField(
        label=_("The code on their phone"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(
        self, data: Data = None, files: Files = None, *, stock: Sequence[Stock], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, files, **options)
        self.counts: dict[str, UUID] = {}
        for one in stock:
            if one.count and one.item.active:
                name = f"item_{one.item_id.hex}"
                told = _("%(price)s points · %(count)s left") % {"price": one.item.price, "count": one.count}
                self.counts[name] = one.item_id
                self.fields[name] = forms.IntegerField(
                    label=one.item.name, help_text=told, min_value=0, max_value=MOST_AT_ONCE, required=False
                )
                self.fields[f"price_{name}"] = forms.IntegerField(
                    initial=one.item.price, widget=forms.HiddenInput, required=False
                )

    def apply(self, *, shop: Shop, by: Actor) -> Sale | None:
        data = self.cleaned_data
        wanted = {item: data[name] for name, item in self.counts.items() if data.get(name)}
        seen = {item: data.get(f"price_{name}") for name, item in self.counts.items()}
        prices = {item: price for item, price in seen.items() if price is not None}
        made = self.tried(
            lambda: services.sell(
                id=data["request_id"], shop=shop, code=data["code"], wanted=wanted, prices=prices, by=by
            )
        )
        if made is None:
            # what is shown from now on is the price of now
            shown = {f"price_{name}": self.fields[f"price_{name}"].initial for name in self.counts}
            self.data = {**self.data.dict(), **shown} if hasattr(self.data, "dict") else {**self.data, **shown}
        return made


class SettleForm(OnceForm):
    """What somebody found who looked at a difference, and the difference as they saw it."""

    day = forms.DateField(widget=forms.HiddenInput)
    what = forms.CharField(max_length=40, widget=forms.HiddenInput)
    paper_count = forms.IntegerField(widget=forms.HiddenInput, required=False)
    paper_points = forms.IntegerField(widget=forms.HiddenInput, required=False)
    ledger_count = forms.IntegerField(widget=forms.HiddenInput, required=False)
    ledger_points = forms.IntegerField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(label=_("What you found"), max_length=LONGEST_WORDS)

    def apply(self, *, shop: Shop, by: Actor) -> Settled | None:
        data = self.cleaned_data
        return self.tried(
            lambda: services.settle_difference(
                id=data["request_id"],
                shop=shop,
                day=data["day"],
                what=data["what"],
                paper=figures(data["paper_count"], data["paper_points"]),
                ledger=figures(data["ledger_count"], data["ledger_points"]),
                words=data["words"],
                by=by,
            )
        )


class GiveBackForm(SeenMixin):
    reason = forms.ChoiceField(label=_("Why"), choices=[(one.value, one.label) for one in Reason])

    def apply(self, *, line: SaleLine, by: Actor) -> SaleLine | None:
        reason = Reason(self.cleaned_data["reason"])
        return self.tried(lambda: services.give_back(line=line, reason=reason, by=by))
