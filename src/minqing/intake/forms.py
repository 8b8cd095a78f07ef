"""Forms of this room: which kind of table, and the file; which column of it is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Unpack

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.sheets.headings import LOWEST_HEADINGS
from minqing.intake.kinds import TableKind, kinds_for
from minqing.intake.rules import columns_wrong
from minqing.intake.storage import UPLOAD_BYTES, too_large
from minqing.web.forms import Data, Files, FormOptions, OnceForm, SeenMixin

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

    def __init__(self, data: Data = None, files: Files = None, *, by: Actor, **kwargs: Unpack[FormOptions]) -> None:
        super().__init__(data, files, **kwargs)
        choices = [(kind.code, kind.label) for kind in kinds_for(by)]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["kind"].initial = choices[0][0]

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > UPLOAD_BYTES:
            raise forms.ValidationError(str(too_large(UPLOAD_BYTES).sentence), code="too_large")
        return file


class ColumnsForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """Of each field the column in which it stands, or none. ``options`` are the columns of the file by place."""

    sheet = forms.CharField(required=False, max_length=60, strip=False, widget=forms.HiddenInput)
    heading_row = forms.IntegerField(min_value=0, max_value=LOWEST_HEADINGS, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        kind: TableKind,
        options: Sequence[str],
        columns: Mapping[str, int],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.kind = kind
        choices = [("", _("not imported")), *((str(place), label) for place, label in enumerate(options))]
        for one in kind.columns:
            self.fields[name_of(one.name)] = forms.ChoiceField(
                label=one.label, required=False, choices=choices, initial=str(columns.get(one.name, ""))
            )

    def clean(self) -> dict[str, object]:
        data: dict[str, object] = super().clean() or {}
        for name, sentence in columns_wrong(self.taken(), self.kind.columns).items():
            if name_of(name) not in self.errors:
                self.add_error(name_of(name), sentence)
        return data

    def taken(self) -> dict[str, int]:
        """Field → place."""
        given = {one.name: self.cleaned_data.get(name_of(one.name)) for one in self.kind.columns}
        return {name: int(place) for name, place in given.items() if place}


def name_of(column: str) -> str:
    return f"column_{column}"
