"""The button that closes a device, the file of what is unsent, the buttons that decide about letters."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import DomainError
from minqing.sync.models import Device, Letter
from minqing.sync.rules import MOST_FILE
from minqing.sync.schemas import FileBody, read
from minqing.web.forms import BootstrapFormMixin, Press


def revoke_press(device: Device, data: Any = None) -> Press:
    return Press(f"device:{device.pk}", str(device.revoked_at or ""), data=data)


def decide_press(letters: Sequence[Letter], data: Any = None) -> Press:
    """Pressed on the letters that stood on the page."""
    shown = hashlib.sha256(",".join(sorted(str(one.pk) for one in letters)).encode()).hexdigest()[:16]
    return Press(f"letters:{letters[0].device_id}", shown, data=data)


class UnsentForm(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """A file as a phone saves it. It needs no id: what is in it is known by its own."""

    file = forms.FileField(
        label=_("File from the phone"),
        help_text=_("“Save what is unsent” on the phone makes it. Nobody can read it but this server."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        allow_empty_file=True,
        error_messages={"required": _("Please choose a file.")},
    )

    def clean_file(self) -> FileBody:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_FILE:
            raise forms.ValidationError(
                _("The file is larger than 40 MB. Save it anew on the phone."), code="too_large"
            )
        try:
            body: FileBody = read(FileBody, file.read())
        except DomainError:
            told = _("This is no file of what is unsent on a phone, or it is not whole.")
            raise forms.ValidationError(told, code="no_letters") from None
        return body
