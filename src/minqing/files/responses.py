"""Handing out a picture, once the calling room has decided that the actor may see the record it belongs to."""

from __future__ import annotations

from base64 import b64encode
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from minqing.core.errors import NotFound
from minqing.files.models import Attachment


def picture_response(*, attachment_id: UUID, thumbnail: bool = False) -> HttpResponse:
    """The JPEG, never shown as a page of its own; an ``<img>`` shows it all the same. NotFound if it is not there."""
    attachment = Attachment.objects.filter(pk=attachment_id).first()
    if attachment is None:
        raise NotFound("no_picture")
    try:
        # at most about a megabyte, made by us: no open file to lose
        with default_storage.open(attachment.thumbnail if thumbnail else attachment.stored) as file:
            response = HttpResponse(file.read(), content_type="image/jpeg")
    except FileNotFoundError:
        raise NotFound("no_picture") from None
    response["Content-Disposition"] = content_disposition_header(True, attachment.name)
    response["X-Content-Type-Options"] = "nosniff"
    # it never changes under its id; a shared cache must not keep it
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def small_in_page(attachment: Attachment) -> str:
    """The thumbnail as an address that holds it: for who has no right to an address of its own. Empty if it is gone."""
    try:
        with default_storage.open(attachment.thumbnail) as file:
            return f"data:image/jpeg;base64,{b64encode(file.read()).decode()}"
    except FileNotFoundError:
        return ""
