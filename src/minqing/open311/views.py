"""The resources of GeoReport v2."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from minqing.files.responses import picture_response
from minqing.open311 import queries, serializers, services
from minqing.open311.access import Answer, Call, failed_outside, resource, respond
from minqing.open311.errors import Faulty, missing, not_found
from minqing.open311.responses import Document
from minqing.open311.rules import Filters
from minqing.open311.schemas import (
    answers_from,
    fields_of,
    filters_from,
    page_from,
    submission_from,
    update_from,
    update_window,
    wants_extensions,
)

KEY_LENGTH = 255


@resource()
def discovery(call: Call) -> Answer:
    return serializers.discovery(changed_at=queries.changed_at(), absolute=call.absolute)


@resource()
def service_list(call: Call) -> Answer:
    return serializers.service_list(queries.services())


@resource()
def definition(call: Call, code: str) -> Answer:
    if not code.strip():
        raise missing("service_code")
    service = queries.service_of(code)
    if service is None:
        raise not_found("service_code")
    return serializers.definition(service)


@resource(post=True)
def requests(call: Call) -> Answer:
    """Several requests, or a new one."""
    return take_in(call) if call.request.method == "POST" else listed(call)


def take_in(call: Call) -> Document:
    """Answers 200 with the number at once: every service is ``realtime``."""
    if call.sender is None:
        raise Faulty(403)
    fields = fields_of(call.request)
    code = fields.get("service_code", "").strip()
    if code and queries.service_of(code) is None:
        raise not_found("service_code")
    try:
        sent = submission_from(fields, call.request.FILES)
    except Faulty as error:
        raise services.with_wrong_answers(error, code, answers_from(fields)) from None
    key = call.request.headers.get("Idempotency-Key", "").strip()[:KEY_LENGTH]
    filed = services.file_request(sent=sent, key=key, by=call.sender)
    return serializers.taken_in(filed.matter, filed.service, filed.unusable)


def listed(call: Call) -> HttpResponse:
    query = call.request.GET
    filters = filters_from(query)
    number, size = page_from(query)
    # one row more says whether there is another page, without counting all
    rows, more = told_requests(call, filters, start=(number - 1) * size, size=size)
    return paged(call, respond(serializers.requests(rows), call.form), number=number, size=size, more=more)


@resource(post=True)
def updates(call: Call) -> Answer:
    """What happened to requests, or what the sender of one adds to it (FixMyStreet's extension)."""
    return take_update(call) if call.request.method == "POST" else listed_updates(call)


def take_update(call: Call) -> Document:
    if call.sender is None:
        raise Faulty(403)
    sent = update_from(fields_of(call.request), call.request.FILES)
    key = call.request.headers.get("Idempotency-Key", "").strip()[:KEY_LENGTH]
    _matter, step_id = services.file_update(sent=sent, key=key, by=call.sender)
    return serializers.updated(step_id, sent.unusable)


def listed_updates(call: Call) -> HttpResponse:
    window = update_window(call.request.GET)
    number, size = page_from(call.request.GET)
    with queries.reading() as reader:
        found = queries.updates(window, reader=reader, sender=call.sender, start=(number - 1) * size, size=size + 1)
    document = serializers.updates(found[:size], absolute=call.absolute)
    return paged(call, respond(document, call.form), number=number, size=size, more=len(found) > size)


def paged(call: Call, response: HttpResponse, *, number: int, size: int, more: bool) -> HttpResponse:
    response["X-Page"], response["X-Page-Size"] = str(number), str(size)
    links = [(number - 1, "prev")] * (number > 1) + [(number + 1, "next")] * more
    if links:
        response["Link"] = ", ".join(f'<{page_url(call, page)}>; rel="{rel}"' for page, rel in links)
    return response


def page_url(call: Call, number: int) -> str:
    """This list's address with another page; the key does not travel in it."""
    query = call.request.GET.copy()
    query.pop("api_key", None)
    query["page"] = str(number)
    return call.absolute(f"{call.request.path}?{query.urlencode()}")


def told_requests(call: Call, filters: Filters, *, start: int, size: int) -> tuple[list[dict[str, object]], bool]:
    """The rows, and whether there are more."""
    extended = wants_extensions(call.request.GET)
    with queries.reading() as reader:
        found = queries.found(filters, reader=reader, sender=call.sender, start=start, size=size + 1, moves=extended)
    rows, more = found[:size], len(found) > size
    told = []
    for row in rows:
        one = serializers.request(row, absolute=call.absolute)
        if extended:
            one |= serializers.extensions(row, queries.notes_of(row), absolute=call.absolute)
        told.append(one)
    return told, more


@resource()
def request(call: Call, numbers: str) -> Answer:
    """One request by its number, or several by numbers with commas."""
    asked = [one.strip() for one in numbers.split(",") if one.strip()]
    if not asked:
        raise missing("service_request_id")
    rows, _more = told_requests(call, Filters(numbers=asked), start=0, size=len(asked))
    if not rows:
        raise not_found("service_request_id")
    return serializers.requests(rows)


@resource()
def token(call: Call, text: str) -> Answer:
    """Requests are numbered at once, so no token is given out; a number stands for itself."""
    if not text.strip():
        raise missing("token")
    with queries.reading() as reader:
        found = queries.found(Filters(numbers=[text]), reader=reader, sender=None, start=0, size=1)
    if not found:
        raise not_found("token")
    return serializers.token(found[0], text)


@resource()
def media(call: Call, signed: str) -> Answer:
    """A picture of a request: its address was given to the sender of that request, and ends after a week."""
    picture = serializers.picture_of(signed)
    if picture is None:
        raise not_found("media_url")
    return picture_response(attachment_id=picture)


@csrf_exempt
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """Whatever else is asked for here, by whatever method."""
    return failed_outside(request, 404)
