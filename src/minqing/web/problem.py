"""A `DomainError` as RFC 9457 problem+json."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, JsonResponse

from minqing.core.errors import DomainError
from minqing.web.programs import takes_problems

CONTENT_TYPE = "application/problem+json"
# the year from which the codes are what they are
SINCE = 2026


def type_of(code: str) -> str:
    """A ``tag:`` URI (RFC 4151) of the county's own host: the same for ever, leading nowhere, asked of nobody."""
    return f"tag:{urlsplit(settings.ORIGIN).hostname or 'localhost'},{SINCE}:problem:{code}"


def problem(*, code: str, sentence: object, status: int, **data: Any) -> JsonResponse:
    """Answer with a problem: `code` for programs, `sentence` (already translated) for people."""
    body = {"type": type_of(code), "title": str(sentence), "status": status, "code": code}
    if data:
        body["data"] = data
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, encoder=_Encoder)


def problem_json(error: DomainError) -> JsonResponse:
    return problem(code=error.code, sentence=error.sentence, status=error.http_status, **error.data)


def refusal(error: DomainError) -> JsonResponse:
    """:func:`problem_json` with the headers that other systems go by."""
    response = problem_json(error)
    if error.http_status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="minqing"'
    if wait := error.data.get("retry_after"):
        response["Retry-After"] = str(wait)
    return response


def sends_json(request: HttpRequest) -> bool:
    """``application/json`` and all that is built on it, such as ``application/cloudevents+json``."""
    media = request.content_type or ""
    return media == "application/json" or media.endswith("+json")


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks: an address that no person opens, a JSON body, an Accept that puts JSON before HTML."""
    if takes_problems(request.path) or sends_json(request):
        return True
    if "json" not in request.headers.get("Accept", ""):
        return False
    return request.get_preferred_type(["text/html", "application/json", CONTENT_TYPE]) != "text/html"


class _Encoder(DjangoJSONEncoder):
    """Data of an error may hold sets or objects; an error while telling an error helps nobody."""

    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return sorted(map(str, o)) if isinstance(o, (set, frozenset)) else str(o)
