"""What is asked of a unit, and what the list of units is narrowed by."""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.administration.forms.hours import EVERY_DAY, hours_from, hours_text
from minqing.core.actor import Actor
from minqing.org.enums import UnitKind
from minqing.org.queries import who_changed
from minqing.org.queries.upkeep import open_areas
from minqing.org.services import add_unit, change_unit
from minqing.web.forms import BootstrapFormMixin, Data, Files, FormOptions, LongSelect, OnceForm, Press, SeenMixin

KINDS = [(one.value, one.label) for one in UnitKind]


def area_choices() -> list[tuple[int, str]]:
    return [(one.pk, one.name) for one in open_areas()]


class UnitFilter(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares the field class as None
    """What cannot be is passed over."""

    q = forms.CharField(label=_("Name, code or number"), required=False, max_length=60)
    area = forms.TypedChoiceField(label=_("Area"), required=False, coerce=int, empty_value=None, widget=LongSelect)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *KINDS])
    closed = forms.BooleanField(label=_("Out of use"), required=False)

    def __init__(self, data: Data) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.fields["area"].choices = [("", _("All")), *area_choices()]  # type: ignore[attr-defined]
        self.is_valid()


class HoursField(forms.CharField):
    """``08:30-12:00 13:30-17:30``; empty for the usual hours."""

    def clean(self, value: object) -> object:
        text = super().clean(value)
        try:
            return hours_from(text)
        except ValueError:
            sentence = _("Write hours like 08:30-12:00 13:30-17:30, or leave it empty for the usual ones.")
            raise forms.ValidationError(sentence, code="hours") from None


class ChangeUnitForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    name = forms.CharField(label=_("Unit name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    area = forms.TypedChoiceField(label=_("Area"), coerce=int, widget=LongSelect)
    phone = forms.CharField(
        label=_("Telephone"), required=False, max_length=30, help_text=_("What residents may call.")
    )
    hours = HoursField(
        label=_("Working hours"),
        required=False,
        max_length=120,
        help_text=format_lazy(
            _("Like 08:30-12:00 13:30-17:30. Empty: the usual hours. Open on every day: “{word}” at the end."),
            word=EVERY_DAY,
        ),
    )

    def __init__(
        self, data: Data = None, files: Files = None, *, unit: Any = None, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, files, **options)
        self.unit = unit
        self.areas = {one.pk: one for one in open_areas()}
        self.fields["area"].choices = [(key, one.name) for key, one in self.areas.items()]  # type: ignore[attr-defined]
        if unit is not None:
            names = ("name", "kind", "phone")
            self.initial = {name: getattr(unit, name) for name in names} | {
                "area": unit.area_id,
                "hours": hours_text(unit.hours),
            }
            self.stands_at(subject_of_unit(unit), told=partial(who_changed, subject_of_unit(unit)))

    @property
    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        place = {"kind": UnitKind(data["kind"]), "area": self.areas[data["area"]]}
        return {name: data[name] for name in ("name", "phone", "hours")} | place

    def apply(self, *, by: Actor) -> Any:
        return change_unit(unit=self.unit, by=by, **self.said)


class UnitForm(ChangeUnitForm):
    """A new unit."""

    code = forms.CharField(label=_("Unit code"), max_length=20, help_text=_("The county's own code; it never changes."))
    field_order = ("code", "name")

    def apply(self, *, by: Actor) -> Any:
        data = self.cleaned_data
        return add_unit(id=data["request_id"], code=data["code"], by=by, **self.said)


def subject_of_unit(unit: Any) -> str:
    return f"unit:{unit.pk}"


def unit_press(unit: Any, data: Data = None) -> Press:
    subject = subject_of_unit(unit)
    version = [unit.name, unit.kind, unit.area_id, unit.active]
    return Press(subject, version, told=partial(who_changed, subject), data=data)
