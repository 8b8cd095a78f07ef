"""The answer while the database is away for a moment."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_from_request, override

from minqing.web.errors import SENTENCES
from minqing.web.problem import problem, wants_json

# seconds; the database is mostly back sooner
TRY_AGAIN = 5


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away for a moment. Asks nothing of it: the language is that of cookie or browser."""
    language = get_language_from_request(request)
    with override(language):
        response = one_moment(request, language)
    response["Retry-After"] = str(TRY_AGAIN)
    response["Cache-Control"] = "no-store"
    return response


def one_moment(request: HttpRequest, language: str) -> HttpResponse:
    if wants_json(request):
        return problem(code="unavailable", sentence=SENTENCES[503], status=503)
    if getattr(request, "htmx", None):
        from minqing.web.middleware import as_alert

        return as_alert(render(None, "web/parts/alert.html", {"sentence": SENTENCES[503]}, status=503))
    # what was sent is not sent again unasked
    again = TRY_AGAIN if request.method in {"GET", "HEAD"} else None
    return render(None, "503.html", {"language": language, "again": again}, status=503)
