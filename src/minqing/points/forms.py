"""What a resident is asked at the door."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.web.forms import SentMixin


class ProofForm(SentMixin):
    proof = forms.CharField(
        label=_("Your telephone number, or the last six characters of your identity card"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
