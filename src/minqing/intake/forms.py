"""The one form of this room: which kind of table, and the file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.intake.kinds import kinds_for
from minqing.intake.storage import UPLOAD_BYTES, too_large
from minqing.web.forms import OnceForm

ACCEPTED = ".xlsx,.xlsm,.xls,.ods,.csv,.txt"


class TableForm(OnceForm):
    kind = forms.ChoiceField(label=_("What is in the table?"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "Excel (.xlsx, .xls), .ods or CSV, up to 50 MB. Of several sheets the one whose headings fit is read; "
            "you may take another one afterwards."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        allow_empty_file=True,
        error_messages={"required": _("Please choose a file.")},
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.code, kind.label) for kind in kinds_for(by)]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["kind"].initial = choices[0][0]

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > UPLOAD_BYTES:
            raise forms.ValidationError(str(too_large(UPLOAD_BYTES).sentence), code="too_large")
        return file
