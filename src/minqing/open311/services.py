"""The writes of Open311: a request comes in, and what its sender adds to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import FormatError, Invalid
from minqing.core.formats import check_phone
from minqing.core.point import Point
from minqing.core.retry import one_at_a_time
from minqing.files.images import Picture
from minqing.files.services import store_pictures
from minqing.journal.idempotency import as_one_send
from minqing.matters.enums import Channel, Party, Source
from minqing.matters.queries import step_since, visible_matters
from minqing.matters.questions import Answer, check_answers
from minqing.matters.services import Fields, add_note, appeal_matter, confirm_matter, reopen_matter, report_matter
from minqing.matters.unusable import Unusable
from minqing.matters.words import in_house
from minqing.open311 import rules
from minqing.open311.errors import Faulty, not_found
from minqing.open311.queries import Service, public_matter, reading, service_of
from minqing.open311.rules import SAME_WITHIN, with_media
from minqing.org.queries import area_at, area_by_code, areas_within
from minqing.privacy.access import acting_as


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a client sent. ``digest`` is of all of it but the key: the same again is the same request."""

    service_code: str
    digest: str
    description: str = ""
    title: str = ""
    point: Point | None = None
    address_string: str = ""
    address_id: str = ""
    media_urls: Sequence[str] = ()
    name: str = ""
    phone: str = ""
    email: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    pictures: Sequence[Picture] = ()
    unusable: Sequence[Unusable] = ()


@dataclass(frozen=True, kw_only=True)
class Update:
    """What a client says of a request that it sent. ``status`` is ``open``, ``closed`` or empty.

    ``at`` is when that was said, ``key`` the client's own number of the update.
    """

    number: str
    text: str
    digest: str
    status: str = ""
    at: datetime | None = None
    key: str = ""
    pictures: Sequence[Picture] = ()
    unusable: Sequence[Unusable] = ()


class Filed(NamedTuple):
    matter: Any
    service: Service
    unusable: Sequence[Unusable]


@transaction.atomic
def file_request(*, sent: Submission, key: str = "", by: Actor, at: datetime | None = None) -> Filed:
    """Report what a client sent as a matter; returns the matter, the service it is about, and what was not usable.

    Idempotent: the same ``key`` of the same partner gives the same matter for ever; without a key the same content
    does for ten minutes. Raises Faulty: 404 for an unknown service, 400 for a required attribute without an answer,
    for a place outside of the county or of what the partner is for.
    """
    at = at or clock.now()
    service = service_of(sent.service_code)
    if service is None:
        raise not_found("service_code")
    fields = Fields()
    fields.unusable.extend(sent.unusable)
    try:
        area = area_of(sent, by=by)
    except Faulty as error:
        raise with_wrong_answers(error, service.code, sent.answers) from None
    answers = checked_answers(service, sent.answers, fields)
    with acting_as(by):
        id = request_id(sent, key=key, by=by, at=at)
        text = with_media(sent.description, sent.media_urls)
        phone, name = contact_of(sent)
        matter = report_matter(
            id=id,
            title=sent.title or ("" if sent.description else service.name),
            text=text,
            area_id=area.pk,
            channel=Channel.OPEN311,
            category_code=service.code,
            reporter_name=name,
            reporter_phone=phone,
            place=sent.address_string or sent.address_id,
            point=sent.point,
            picture_ids=store_pictures(request_id=id, pictures=sent.pictures, by=by),
            answers=answers,
            by=by,
            at=at,
        )
        speaking = replace(by, roles=frozenset({Party.REPORTER.value}))
        matter = fields.keep(matter, id=id, by=speaking, at=at)
    return Filed(matter, service, fields.unusable)


def checked_answers(service: Service, answers: Mapping[str, Answer], fields: Fields) -> dict[str, Answer]:
    """The answers that belong to the service's questions; one Faulty for all that are needed and wrong."""
    good: dict[str, Answer] = {}
    wrong = []
    for question in service.questions:
        try:
            good |= check_answers([question], answers, complete=True)
        except Invalid as error:
            name = f"attribute[{question['code']}]"
            if question.get("required"):
                wrong.append(f"{name}: {error.sentence}")
            else:
                fields.leave(name, error.code, error.sentence, answers[question["code"]])
    if wrong:
        raise Faulty(400, *wrong)
    asked = {question["code"] for question in service.questions}
    for code in answers.keys() - asked:
        fields.leave(f"attribute[{code}]", "question", _("The category does not ask this."), answers[code])
    return good


def with_wrong_answers(error: Faulty, code: str, answers: Mapping[str, Answer]) -> Faulty:
    """``error`` with what is wrong in the answers to the service's questions besides: all is told at once."""
    service = service_of(code) if code and error.status == 400 else None
    if service is None:
        return error
    try:
        checked_answers(service, answers, Fields())
    except Faulty as wrong:
        return Faulty(400, *error.sentences, *wrong.sentences)
    return error


def area_of(sent: Submission, *, by: Actor) -> Any:
    """Where it is: the area that holds the point, else the one whose code was given, else all that the key is for."""
    if sent.point is not None:
        area = area_at(latitude=sent.point.latitude, longitude=sent.point.longitude)
        if area is None:
            raise Faulty(400, _("lat and long lie outside of the area that is served here."))
    else:
        area = (area_by_code(sent.address_id) if sent.address_id else None) or areas_within(by).first()
    if area is None or area.pk not in by.areas:
        raise Faulty(400, _("This api_key is not for that place."))
    return area


def request_id(sent: Submission, *, key: str, by: Actor, at: datetime) -> UUID:
    """The matter's id, made from the key or the content; two that arrive together wait for one another."""
    if by.id is None:
        raise Faulty(403)
    one_at_a_time(f"open311:{by.id}:{key or sent.digest}")
    if key:
        return uuid5(by.id, f"key:{key}")
    now = int(at.timestamp() // SAME_WITHIN.total_seconds())
    before, fresh = (uuid5(by.id, f"content:{sent.digest}:{part}") for part in (now - 1, now))
    again = visible_matters(by).filter(pk=before, received_at__gt=at - SAME_WITHIN).exists()
    return before if again else fresh


@transaction.atomic
def file_update(*, sent: Update, key: str = "", by: Actor, at: datetime | None = None) -> tuple[Any, UUID]:
    """Take what the sender of a request adds to it, as its reporter's word or as a note; the matter and the step's id.

    Idempotent on ``key`` or the update's own number, else on its content, as :func:`file_request`. Raises Faulty: 404
    where there is no such request, 403 where another key sent it.
    """
    at = at or clock.now()
    with reading() as reader:
        matter = public_matter(sent.number, reader=reader, sender=by)
    if matter is None:
        raise not_found("service_request_id")
    if not matter.own:
        raise Faulty(403, _("This api_key has not sent that request."))
    speaking = replace(by, roles=frozenset({Party.REPORTER.value}))
    with acting_as(speaking):
        name = key or (f"{sent.number}:{sent.key}" if sent.key else "")
        id = update_id(sent, name, by=by, at=at)
        settled = matter.closed_at or matter.finished_at
        fresh = sent.at is None or settled is None or sent.at >= settled.replace(microsecond=0)
        verb = rules.verb_of(matter.state, sent.status, fresh=fresh)
        # what the words mean depends on the state by now; whether they are the same again does not
        said = {"number": sent.number, "text": sent.text, "status": sent.status}
        with as_one_send("open311.update", said):
            matter = speak(verb, id=id, matter=matter, text=sent.text, by=speaking, at=at)
        return come_along(sent, id=id, matter=matter, by=speaking, at=at), id


def come_along(sent: Update, *, id: UUID, matter: Any, by: Actor, at: datetime) -> Any:
    """Pictures of an update, and what of it could not be used, as notes beside the word itself."""
    if sent.pictures:
        pictures = store_pictures(request_id=id, pictures=sent.pictures, by=by)
        text = in_house(_("Pictures that came with an update."))
        matter = add_note(id=uuid5(id, "pictures"), matter=matter, text=text, picture_ids=pictures, by=by, at=at)
    fields = Fields()
    fields.unusable.extend(sent.unusable)
    return fields.keep(matter, id=id, by=by, at=at)


def speak(verb: rules.Verb, *, id: UUID, matter: Any, text: str, by: Actor, at: datetime) -> Any:
    """Make the move that the verb stands for; the same id again is known by whichever it was."""
    turn: dict[str, Any] = {"id": id, "matter": matter, "by": by, "at": at}
    if verb == "note":
        return add_note(text=text, **turn)
    if verb == "reopen":
        return reopen_matter(reason=text, **turn)
    if verb == "appeal":
        return appeal_matter(reason=text, **turn)
    return confirm_matter(answered=True, solved=verb == "solved", text=text, source=Source.LINK, **turn)


def update_id(sent: Update, key: str, *, by: Actor, at: datetime) -> UUID:
    if by.id is None:
        raise Faulty(403)
    one_at_a_time(f"open311.update:{by.id}:{key or sent.digest}")
    if key:
        return uuid5(by.id, f"update:{key}")
    now = int(at.timestamp() // SAME_WITHIN.total_seconds())
    before, fresh = (uuid5(by.id, f"update:{sent.digest}:{part}") for part in (now - 1, now))
    return before if step_since(before, at - SAME_WITHIN) else fresh


def contact_of(sent: Submission) -> tuple[str, str]:
    """Phone and name as they are kept, both encrypted. What cannot be called from here stands beside the name."""
    try:
        phone, other = (check_phone(sent.phone) if sent.phone else ""), ""
    except FormatError:
        phone, other = "", sent.phone
    return phone, " · ".join(filter(None, [sent.name, sent.email, other]))


def digest_of(parts: Iterable[tuple[str, Sequence[str]]], pictures: Iterable[Picture]) -> str:
    """SHA-256 over names, values and pictures, whatever order they came in."""
    sent = sorted((name, list(values)) for name, values in parts)
    return hashlib.sha256(repr((sent, [one.sha256 for one in pictures])).encode("utf-8", "replace")).hexdigest()
