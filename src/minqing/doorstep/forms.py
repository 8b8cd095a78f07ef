"""The form of the door itself."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.web.forms import BootstrapFormMixin


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
