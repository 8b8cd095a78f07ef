"""Photos in a form: several at once, each checked by itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from minqing.core.errors import Invalid
from minqing.core.text import one_line
from minqing.files.images import Picture, make_picture


class PicturesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Cleans to ``list[Picture]``, already made anew: give it to ``files.services.store_pictures``.

    Show it with ``{% include "files/parts/pictures.html" with field=form.photos only %}``.
    """

    widget = PicturesInput

    def __init__(self, *, max: int = 6, required: bool = False, label: Any = "", **options: Any) -> None:
        self.max = max
        super().__init__(required=required, label=label or _("Photos"), **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"accept": "image/*"}

    def clean(self, data: Any, initial: Any = None) -> list[Picture]:
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not uploads:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > self.max:
            raise forms.ValidationError(
                ngettext_lazy("Send at most %(max)d photo.", "Send at most %(max)d photos.", self.max)
                % {"max": self.max},
                code="too_many",
            )
        pictures: list[Picture] = []
        errors: list[forms.ValidationError] = []
        for upload in uploads:
            try:
                pictures.append(make_picture(upload, name=upload.name))
            except Invalid as error:
                told = format_lazy("{name}: {sentence}", name=one_line(upload.name, 40), sentence=error.sentence)
                errors.append(forms.ValidationError(told, code=error.code))
        if errors:
            raise forms.ValidationError(errors)
        return pictures
