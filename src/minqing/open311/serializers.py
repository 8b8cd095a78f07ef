"""From what is known to the standard's elements, and no more than who asks may know.

Whoever did not send a request learns its category, unit, times and state, and of its place a village and a square of
about a hundred metres where the category is about a place that everybody shares, else the township. Text, name,
answers, pictures and the exact place are for the key that sent it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minqing.core import clock
from minqing.core.point import Point
from minqing.matters.enums import State
from minqing.matters.queries import outside_word
from minqing.matters.questions import ONE_OF, SOME_OF, as_list
from minqing.matters.unusable import Unusable
from minqing.open311 import rules
from minqing.open311.queries import Service
from minqing.open311.responses import Document, Rows
from minqing.open311.words import datatype_description, detailed_status, note
from minqing.org.enums import Level
from minqing.org.protocols import AreaLike

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
FORMATS = ("text/xml", "application/json")
SALT = "open311.media"
# how long the address of a picture is good for
MEDIA_DAYS = 7
# decimals of a degree: about a centimetre
EXACT = 7
Absolute = Callable[[str], str]


def discovery(*, changed_at: datetime, absolute: Absolute) -> Document:
    origin = absolute("/")
    contact = settings.OPEN311["contact"] or _("The operator of %(origin)s") % {"origin": origin}
    endpoint = {
        "specification": SPECIFICATION,
        "url": absolute("/open311/v2"),
        "changeset": changed_at,
        # a made-up county acts upon nothing
        "type": "test" if settings.DEMO else "production",
        "formats": Rows("format", FORMATS),
    }
    told = {
        "changeset": changed_at,
        "contact": contact,
        "key_service": _("Ask for a token with the scope open311: %(contact)s") % {"contact": contact},
        "endpoints": Rows("endpoint", [endpoint]),
    }
    return Document("discovery", told)


def notice(service: Service) -> str:
    """What the reporter may expect."""
    days = service.working_days
    return ngettext(
        "Usually answered within %(days)d working day.", "Usually answered within %(days)d working days.", days
    ) % {"days": days}


def service_list(services: Iterable[Service]) -> Document:
    return Document("services", Rows("service", [service_row(one) for one in services]))


def service_row(service: Service) -> dict[str, object]:
    return {
        "service_code": service.code,
        "service_name": service.name,
        "description": _("%(group)s: %(name)s. %(notice)s")
        % {"group": service.group, "name": service.name, "notice": notice(service)},
        "metadata": bool(service.questions),
        "type": "realtime",
        "keywords": ", ".join(service.keywords),
        "group": service.group,
    }


def definition(service: Service) -> Document:
    attributes = [attribute(order, question) for order, question in enumerate(service.questions, 1)]
    return Document("service_definition", {"service_code": service.code, "attributes": Rows("attribute", attributes)})


def attribute(order: int, question: Any) -> dict[str, Any]:
    values = question.get("values", ()) if question["kind"] in {ONE_OF, SOME_OF} else ()
    return {
        "variable": question.get("variable", True),
        "code": question["code"],
        "datatype": question["kind"],
        "required": bool(question.get("required", False)),
        "datatype_description": question.get("hint") or datatype_description(question),
        "order": order,
        "description": question["text"],
        "values": Rows("value", [{"key": one["key"], "name": one["name"]} for one in values]),
    }


def taken_in(matter: Any, service: Service, unusable: Iterable[Unusable] = ()) -> Document:
    """The standard's notice is where the sender reads of what could not be used."""
    told = {
        "service_request_id": matter.number,
        "service_notice": " ".join([notice(service), *words_of(unusable)]),
        "account_id": None,
    }
    return Document("service_requests", Rows("request", [told]))


def words_of(unusable: Iterable[Unusable]) -> list[str]:
    """A sentence for each that could not be used, with its name."""
    told = [(one.field, str(one.sentence)) for one in unusable]
    return [sentence if name in sentence else f"{name}: {sentence}" for name, sentence in told]


def token(matter: Any, text: str) -> Document:
    return Document("service_requests", Rows("request", [{"service_request_id": matter.number, "token": text}]))


def requests(rows: Sequence[dict[str, object]]) -> Document:
    return Document("service_requests", Rows("request", rows))


def request(matter: Any, *, absolute: Absolute) -> dict[str, Any]:
    """One request as whoever asks may read it: ``matter.own`` says whether its key sent it."""
    category = matter.category
    kind = category.called if category else None
    where = place(matter)
    text = rules.split_media(matter.text)[0] if matter.own else ""
    media = media_urls(matter, absolute)
    status = rules.status_of(matter.state)
    return {
        "service_request_id": matter.number,
        "status": status,
        # the sender is told what was answered, until it is opened again
        "status_notes": (matter.reply if status == "closed" else "") or note(matter, matter.state),
        "service_name": kind,
        "service_code": category.code if category else None,
        "description": (text or matter.title if matter.own else kind or "")[: rules.DESCRIPTION],
        "agency_responsible": matter.holder.name if matter.holder else None,
        "service_notice": None,
        "requested_datetime": matter.received_at,
        "updated_datetime": rules.updated_at(matter),
        "expected_datetime": matter.due_at if matter.state != State.RECEIVED else None,
        **where,
        "media_url": media[0] if media else None,
    }


def place(matter: Any) -> dict[str, Any]:
    """Address from the smallest part to the largest, the area's code, and the point in WGS-84.

    Where the point is not known or not told it is that of the area in the address.
    """
    areas = list(upwards(matter.area))
    shared = matter.category is not None and rules.is_public_space(
        matter.category.code, matter.category.parent_id or "", settings.OPEN311["places"]
    )
    if not matter.own:
        hidden = {Level.GRID} if shared else {Level.GRID, Level.VILLAGE}
        areas = [area for area in areas if area.level not in hidden]
    spots = [matter, *areas] if matter.own or shared else areas
    latitude, longitude = point_of(spots)
    exact = EXACT if matter.own else rules.COARSE
    names = [area.name for area in areas]
    return {
        "address": ", ".join([matter.place, *names] if matter.own and matter.place else names),
        "address_id": areas[0].code if areas else None,
        "zipcode": None,
        "lat": None if latitude is None else round(latitude, exact),
        "long": None if longitude is None else round(longitude, exact),
    }


def point_of(spots: Iterable[Any]) -> tuple[float, float] | tuple[None, None]:
    """Of several that may have a point the first that does."""
    for spot in spots:
        if spot.latitude is not None and spot.longitude is not None:
            point = Point(spot.latitude, spot.longitude, getattr(spot, "datum", "") or "WGS-84").wgs84()
            return point.latitude, point.longitude
    return None, None


def upwards(area: AreaLike) -> Iterable[AreaLike]:
    above: AreaLike | None = area
    while above is not None:
        yield above
        above = above.parent


def media_urls(matter: Any, absolute: Absolute) -> list[str]:
    """For the sender alone: signed addresses of the pictures, good for some days, then those that it gave itself."""
    if not matter.own:
        return []
    signed = [sign_picture(one) for one in matter.picture_ids or ()]
    return [
        *(absolute(reverse("open311:media", args=[one])) for one in signed),
        *map(iri_to_uri, rules.split_media(matter.text)[1]),
    ]


def sign_picture(picture: UUID) -> str:
    """What stands for the picture in an address: the same all day, so that both formats and a cache agree."""
    return signing.Signer(salt=SALT).sign_object([str(picture), clock.today().toordinal()])


def picture_of(signed: str) -> UUID | None:
    """Twin of :func:`sign_picture`; None for what we did not sign, or not within the last days."""
    try:
        picture, day = signing.Signer(salt=SALT).unsign_object(signed)
    except signing.BadSignature:
        return None
    return UUID(picture) if clock.today().toordinal() - day <= MEDIA_DAYS else None


def extensions(matter: Any, notes: Sequence[tuple[str, Any]], *, absolute: Absolute) -> dict[str, Any]:
    """What servers in use add for ``extensions=true``: attributes, history, the finer state."""
    told = [{"datetime": at, "description": note(matter, state), "type": state} for state, at in notes]
    return {
        "attributes": Rows("attribute", list(answers(matter)) if matter.own else []),
        "extended_attributes": {
            "title": matter.title if matter.own else None,
            "detailed_status": detailed_status(matter.state),
            "state": matter.state,
            "state_label": outside_word(matter),
            "media_urls": Rows("media_url", media_urls(matter, absolute)),
        },
        "notes": Rows("note", told),
    }


def updates(rows: Iterable[dict[str, object]], *, absolute: Absolute) -> Document:
    """FixMyStreet's extension. The unit's own words and pictures are for the key that sent the request."""
    return Document("service_request_updates", Rows("request_update", [update(row, absolute=absolute) for row in rows]))


def update(row: dict[str, Any], *, absolute: Absolute) -> dict[str, Any]:
    pictures = row["picture_ids"] or ()
    return {
        "update_id": row["id"],
        "service_request_id": row["number"],
        "status": rules.status_of(row["state"]).upper(),
        "updated_datetime": row["at"],
        "description": (row["words"] or note(SimpleNamespace(**row), row["state"]))[: rules.DESCRIPTION],
        "media_url": absolute(reverse("open311:media", args=[sign_picture(pictures[0])])) if pictures else None,
    }


def updated(step_id: UUID, unusable: Iterable[Unusable] = ()) -> Document:
    told: dict[str, Any] = {"update_id": step_id}
    if words := words_of(unusable):
        # not in the extension: only where there is something to tell
        told["notice"] = " ".join(words)
    return Document("service_request_updates", Rows("request_update", [told]))


def answers(matter: Any) -> Iterable[dict[str, Any]]:
    questions = {one["code"]: one for one in (matter.category.asks if matter.category else ())}
    for code, answer in matter.answers.items():
        question = questions.get(code, {})
        names = {one["key"]: one["name"] for one in question.get("values", ())}
        for value in as_list(answer):
            yield {"code": code, "label": question.get("text", ""), "value": value, "name": names.get(value, "")}
