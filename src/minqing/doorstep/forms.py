"""The forms of the door itself."""

from __future__ import annotations

from typing import Unpack
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.doorstep.queries.people import Known, household_on_plate, shown_by
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.web.forms import BootstrapFormMixin, Data, Files, FormOptions


class CheckForm(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """What is printed on a plate under its code."""

    number = forms.CharField(
        label=_("Household number on the plate"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    check_code = forms.CharField(
        label=_("Check code on the plate"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class IdentityForm(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """Who somebody is: the household's plate, where no door's code has said which, and what only one of it knows."""

    number = forms.CharField(
        label=_("Household number on the plate"),
        max_length=300,
        help_text=_("Or the whole address that the code on the plate opens."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    check_code = forms.CharField(
        label=_("Check code on the plate"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    proof = forms.CharField(
        label=_("Last four figures of your telephone number"),
        max_length=30,
        help_text=_("Or the last six characters of your identity card."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    remember = forms.BooleanField(
        label=_("Remember this phone, it is mine alone"),
        required=False,
        help_text=_("Otherwise for a quarter of an hour."),
    )

    def __init__(self, data: Data = None, files: Files = None, *, plate: bool, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, files, **options)
        if not plate:
            del self.fields["number"], self.fields["check_code"]

    def found(self, household: UUID | None) -> list[Known]:
        """Whom the answers fit: nobody, one, or several who share a telephone."""
        said = self.cleaned_data
        with acting_as(system_actor("doorstep.proof")) as actor:
            home = household or household_on_plate(actor, number=said["number"], check=said["check_code"])
            return shown_by(actor, home, said["proof"]) if home else []
