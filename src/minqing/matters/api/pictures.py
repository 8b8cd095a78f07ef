"""Pictures for other systems: sent ahead of the report or move that names them, and fetched with the matter.

Two steps instead of one body of many parts: what a report says stays JSON and typed, and a report that is sent again
after a broken line does not carry its pictures once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from minqing.core import clock
from minqing.core.errors import Invalid, NotFound
from minqing.files.responses import picture_response
from minqing.files.services import store_picture
from minqing.matters import queries
from minqing.matters.api.operations import READ, matter_called
from minqing.matters.models import Matter
from minqing.matters.schemas import answers, moves, serializers
from minqing.org.api_auth import Token, acting

router = Router(tags=["pictures"])
MEASURES = ("width", "height", "size")
# what ninja does not say of a form of many parts: no other part, and which pictures
FORM: dict[str, object] = {
    "requestBody": {
        "content": {
            "multipart/form-data": {
                "schema": {"additionalProperties": False},
                "encoding": {"picture": {"contentType": "image/jpeg, image/png, image/webp"}},
            }
        }
    }
}
JPEG: dict[str, object] = {"responses": {200: {"description": "The picture", "content": {"image/jpeg": {}}}}}


@router.post(
    "/pictures",
    auth=Token(moves.REPORT, moves.HANDLE),
    response={200: answers.PictureKept, 201: answers.PictureKept},
    summary="Send a picture",
    openapi_extra=FORM,
)
@acting
def send_picture(request: Any, id: Form[UUID], picture: File[UploadedFile]) -> Any:
    """JPEG, PNG or WebP of at most 20 MB, kept as a new JPEG of at most 2000 pixels, without place and other metadata.

    Then name its id in a report, in `act` or in `finish`; what is named nowhere goes after a week. Answers 201, and
    200 where the id was taken in before. Scope: `matters:report` or `matters:handle`.
    """
    if unknown := (set(request.POST) - {"id"}) | (set(request.FILES) - {"picture"}):
        raise Invalid("unknown_field", _("There is no such field."), names=sorted(unknown))
    if len(request.FILES.getlist("picture")) > 1:
        raise Invalid("one_picture", _("Send one picture at a time."))
    at = clock.now()
    kept = store_picture(id=id, upload=picture, name=picture.name or "", by=request.auth, by_content=False, at=at)
    # what an earlier send made was stored at another moment
    status = 201 if kept.stored_at == at else 200
    return Status(status, {"id": kept.pk} | {name: getattr(kept, name) for name in MEASURES})


@router.get("/matters/{name}/pictures", auth=Token(READ), response=answers.Pictures, summary="Pictures of a matter")
@acting
def list_pictures(request: Any, name: str) -> Any:
    """Of a matter that you reported or handle; without those of internal steps where you only reported it.

    Scope: `matters:read`.
    """
    matter = matter_called(request.auth, name)
    return {"pictures": [picture_json(matter, row) for row in visible_pictures(request, matter)]}


@router.get(
    "/matters/{name}/pictures/{picture}", auth=Token(READ), summary="One picture", openapi_extra=JPEG, response=None
)
@acting
def get_picture(request: Any, name: str, picture: str, size: Literal["", "small"] = "") -> Any:
    """The JPEG; with `size=small` its thumbnail of at most 320 pixels. Scope: `matters:read`."""
    matter = matter_called(request.auth, name)
    if picture not in {str(row["attachment_id"]) for row in visible_pictures(request, matter)}:
        raise NotFound()
    return picture_response(attachment_id=UUID(picture), thumbnail=size == "small")


def visible_pictures(request: Any, matter: Any) -> Sequence[Any]:
    handling = serializers.handles(request.auth, matter.situation)
    if not (handling or matter.own):
        return []
    return queries.pictures_told(matter, public_only=not handling)


def picture_json(matter: Matter, row: dict[str, Any]) -> dict[str, Any]:
    url = reverse("api:get_picture", args=[matter.pk, row["attachment_id"]])
    measures = {name: row[name] for name in MEASURES}
    return {
        "id": row["attachment_id"],
        "step": row["step_id"],
        **measures,
        "url": url,
        "thumbnail": f"{url}?size=small",
    }
