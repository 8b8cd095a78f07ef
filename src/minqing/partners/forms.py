"""What the operator says of another system, and of a key that it is given."""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.org.enums import Level
from minqing.org.queries import areas_of_levels, units_at_work, who_changed
from minqing.partners.kinds import SCOPES
from minqing.partners.models import Partner
from minqing.partners.services import issue_token_once, register_partner
from minqing.web.forms import Data, DayField, Files, FormOptions, LongSelect, OnceForm, Press, SeenMixin

LEVELS = (Level.CITY, Level.TOWNSHIP, Level.VILLAGE)


class PartnerForm(SeenMixin):
    """A new partner system, or what is known of one; its code is fixed once it is there."""

    code = forms.SlugField(
        label=_("Code"), max_length=20, help_text=_("Short, in Latin letters: hotline, police. It never changes.")
    )
    name = forms.CharField(label=_("Partner's name"), max_length=80)
    area = forms.TypedChoiceField(
        label=_("Area"), coerce=int, widget=LongSelect, help_text=_("It sees this area with all below it.")
    )
    unit = forms.TypedChoiceField(
        label=_("Acts for unit"), coerce=int, empty_value=None, required=False, widget=LongSelect
    )
    contact = forms.CharField(label=_("Whom to call"), max_length=200, required=False)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    mapping = forms.CharField(
        label=_("Field mapping"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only where the other system speaks no CloudEvents. Its makers know what it sends."),
    )

    def __init__(
        self, data: Data = None, files: Files = None, *, partner: Partner | None = None, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, files, **options)
        self.partner = partner
        self.areas = {one.pk: one for one in areas_of_levels(*LEVELS)}
        self.units = {one.pk: one for one in units_at_work()}
        self.fields["area"].choices = [("", "—"), *((key, one.name) for key, one in self.areas.items())]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", "—"), *((key, one.name) for key, one in self.units.items())]  # type: ignore[attr-defined]
        if partner is None:
            self.stands_at("partner:new", "")
            return
        del self.fields["code"]
        names = ("name", "contact", "active", "mapping")
        self.initial = {name: getattr(partner, name) for name in names}
        self.initial |= {"area": partner.area_id, "unit": partner.unit_id}
        self.stands_at(subject := f"partner:{partner.pk}", told=partial(who_changed, subject))

    def apply(self, *, by: Actor) -> Partner | None:
        """The partner as stored; None where the form now says what cannot be."""
        data = self.cleaned_data
        return self.tried(
            lambda: register_partner(
                code=self.partner.code if self.partner else data["code"],
                name=data["name"],
                area=self.areas[data["area"]],
                unit=self.units.get(data["unit"]),
                contact=data["contact"],
                active=data["active"],
                mapping=data["mapping"],
                by=by,
            ),
            at="mapping" if data["mapping"] else None,
        )


class TokenForm(OnceForm):
    """A new key. Its text is shown once, on the page that answers."""

    label = forms.CharField(label=_("Label"), max_length=60, help_text=_("For what or whom: “test machine”."))
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        choices=lambda: [(one.code, one.label) for one in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )
    expires_on = DayField(
        label=_("Expires"), required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text=_("Empty: never.")
    )
    networks = forms.CharField(
        label=_("Networks"),
        required=False,
        max_length=400,
        help_text=_("From where alone it may be used, as 203.0.113.0/24, with commas between. Empty: from anywhere."),
    )

    def apply(self, partner: Partner, *, by: Actor) -> tuple[Any, str] | None:
        """Token and text, which is empty where this form was sent before; None where the form says what is wrong."""
        data = self.cleaned_data
        return self.tried(
            lambda: issue_token_once(
                id=data["request_id"],
                partner=partner,
                label=data["label"],
                scopes=data["scopes"],
                expires_on=data["expires_on"],
                networks=[one.strip() for one in data["networks"].split(",") if one.strip()],
                by=by,
            )
        )


def secret_press(partner: Partner, data: Data = None) -> Press:
    """A new secret is made beside the one that stood there."""
    return Press(f"partner-secret:{partner.pk}", str(partner.rotated_at or ""), data=data)
