"""Photos in a form: several at once, each checked by itself."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core import signing
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.core.text import one_line
from minqing.files.images import Picture, make_picture
from minqing.files.models import Attachment
from minqing.files.queries import pictures_named
from minqing.files.responses import small_in_page
from minqing.files.services import store_pictures

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_KEPT = 20


SALT = "minqing.files.kept"
KEPT_FOR = timedelta(days=1)


class KeepsPictures(forms.Form):
    """A form whose photos stay with it while something else is mended: a browser forgets chosen files.

    ``pictures`` names its :class:`PicturesField`. A view that shows the form again calls :meth:`keep`; a service is
    given what :meth:`all_pictures` returns. Whoever has the signed name of a photo has sent it, account or not.
    """

    pictures = "photos"

    @property
    def kept_name(self) -> str:
        return f"kept-{self.pictures}"

    @cached_property
    def kept(self) -> list[Attachment]:
        """Photos of an earlier attempt that the form still wants."""
        values = self.data.getlist(self.kept_name) if hasattr(self.data, "getlist") else []
        ids = []
        for value in values[:MOST_KEPT]:
            with suppress(signing.BadSignature, ValueError):
                ids.append(UUID(signing.TimestampSigner(salt=SALT).unsign(value, max_age=KEPT_FOR)))
        return pictures_named(ids)

    @property
    def kept_pictures(self) -> list[dict[str, str]]:
        """For ``files/parts/pictures.html``: each with its signed name, and small enough to stand in the page."""
        signer = signing.TimestampSigner(salt=SALT)
        return [{"value": signer.sign(str(one.pk)), "name": one.name, "image": small_in_page(one)} for one in self.kept]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        field = self.fields.get(self.pictures)
        if isinstance(field, PicturesField) and len(data.get(self.pictures) or ()) + len(self.kept) > field.max:
            self.add_error(self.pictures, field.too_many())
        return data

    def keep(self, *, by: Actor) -> None:
        """Store the good photos that came with a form in which something is wrong."""
        request_id, pictures = self.cleaned_data.get("request_id"), self.cleaned_data.get(self.pictures)
        if request_id and pictures:
            ids = store_pictures(request_id=request_id, pictures=pictures, by=by)
            self.kept = pictures_named(list(dict.fromkeys([*(one.pk for one in self.kept), *ids])))

    def all_pictures(self, *, by: Actor) -> list[UUID]:
        """The ids of those that were kept and of those that came now."""
        data = self.cleaned_data
        now = store_pictures(request_id=data["request_id"], pictures=data[self.pictures], by=by)
        return list(dict.fromkeys([*(one.pk for one in self.kept), *now]))


class PicturesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Cleans to ``list[Picture]``, already made anew: give it to ``files.services.store_pictures``.

    Show it with ``{% include "files/parts/pictures.html" with field=form.photos only %}``.
    """

    widget = PicturesInput

    def __init__(self, *, max: int = 6, required: bool = False, label: StrOrPromise = "", **options: Any) -> None:
        self.max = max
        super().__init__(required=required, label=label or _("Photos"), **options)

    def too_many(self) -> forms.ValidationError:
        told = ngettext_lazy("Send at most %(max)d photo.", "Send at most %(max)d photos.", self.max)
        return forms.ValidationError(told % {"max": self.max}, code="too_many")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, object]:
        return super().widget_attrs(widget) | {"accept": "image/*"}

    def clean(self, data: Any, initial: Any = None) -> list[Picture]:
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not uploads:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > self.max:
            raise self.too_many()
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
