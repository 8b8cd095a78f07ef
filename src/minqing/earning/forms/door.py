"""What is asked behind the code at a door once it is chosen what was done: only the evidence that this asks for."""

from __future__ import annotations

from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.earning.enums import Evidence
from minqing.earning.models import FunctionVersion
from minqing.earning.rules import LONGEST_WORDS
from minqing.files.forms import KeepsPictures, PicturesField
from minqing.web.forms import Data, DayField, Files, FormOptions, PublicForm

# field of the form → the evidence without which it is not asked
ASKED = {"photos": Evidence.PHOTO, "place": Evidence.PLACE, "witness": Evidence.WITNESS}


class ClaimForm(KeepsPictures, PublicForm):  # type: ignore[misc]  # as OnceForm
    name = forms.CharField(
        label=_("Who did it?"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    happened_on = DayField(
        label=_("On which day?"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    photos = PicturesField(label=_("Photos"), max=3)
    place = forms.CharField(label=_("Where was it?"), max_length=200)
    witness = forms.CharField(
        label=_("Who saw it?"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    words = forms.CharField(
        label=_("In words"), required=False, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, data: Data = None, files: Files = None, *, version: FunctionVersion, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, files, **options)
        for name, evidence in ASKED.items():
            if evidence not in version.evidence:
                del self.fields[name]

    def clean(self) -> dict[str, object]:
        data: dict[str, object] = super().clean() or self.cleaned_data
        sent = data.get("photos") or self.kept
        if "photos" in self.fields and not sent and "photos" not in self.errors:
            self.add_error("photos", _("A photo is needed for this."))
        return data
