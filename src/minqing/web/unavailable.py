"""The answers while the database is away for a moment, and while a disk is full."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext_lazy as _

from minqing.web.errors import SENTENCES
from minqing.web.problem import problem, wants_json

# seconds; the database is mostly back sooner
TRY_AGAIN = 5
# until somebody has made room
ROOM_AGAIN = 300
NO_ROOM = _("There is no room left to store that. Nothing was saved. Tell the administrator, and send it again later.")


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away for a moment. Asks nothing of it: the language is that of cookie or browser."""
    # what was sent is not sent again unasked
    again = TRY_AGAIN if request.method in {"GET", "HEAD"} else None
    response = unavailable_response(request, "503.html", code="unavailable", sentence=SENTENCES[503], again=again)
    response["Retry-After"] = str(TRY_AGAIN)
    return response


def no_room(request: HttpRequest) -> HttpResponse:
    """A disk is full, the files' or the database's: no fault of who sent something, and over when there is room."""
    response = unavailable_response(request, "full.html", code="no_room", sentence=NO_ROOM)
    response["Retry-After"] = str(ROOM_AGAIN)
    return response


def unavailable_response(
    request: HttpRequest, page: str, *, code: str, sentence: object, again: int | None = None
) -> HttpResponse:
    language = get_language_from_request(request)
    with override(language):
        response: HttpResponse
        if wants_json(request):
            response = problem(code=code, sentence=sentence, status=503)
        elif getattr(request, "htmx", None):
            from minqing.web.htmx import as_alert

            response = as_alert(render(None, "web/parts/alert.html", {"sentence": sentence}, status=503))
        else:
            response = render(None, page, {"language": language, "again": again, "sentence": sentence}, status=503)
    response["Cache-Control"] = "no-store"
    return response
