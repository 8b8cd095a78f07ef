"""Error views for config/urls.py (handler400 … handler500) and CSRF_FAILURE_VIEW."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core.errors import StoredValue
from minqing.web.conflicts import unsaved
from minqing.web.htmx import alert
from minqing.web.problem import problem, wants_json

SENTENCES = {
    400: gettext_lazy("The request could not be understood."),
    403: gettext_lazy("You may not see or do this."),
    404: gettext_lazy("This page does not exist, or you may not see it."),
    405: gettext_lazy("This address does not take that method."),
    413: gettext_lazy("What you sent is too large."),
    429: gettext_lazy("That was too often. Wait a few minutes and try again."),
    500: gettext_lazy("Something went wrong on our side. Nothing was saved."),
    503: gettext_lazy("One moment, please: the database is starting again. Send it again in a few seconds."),
}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django counts what is too large among the suspicious; people are told what to do about it."""
    return _error(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 404)


def too_large(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 413)


def too_many(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """What allauth answers on the pages of sign-in and password; what it limits it counts by the minute."""
    response = _error(request, 429)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Must work when the database, the session and the context processors do not: request=None is meant."""
    if wants_json(request):
        return problem(code="server_error", sentence=SENTENCES[500], status=500)
    try:
        return render(None, "500.html", status=500)
    except Exception:  # the static manifest or the template itself may be what is broken
        return HttpResponse(str(SENTENCES[500]), status=500, content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The usual cause is a page left open overnight or cookies switched off; say so."""
    sentence = _("The page was open too long. Copy what you wrote, open the page anew and send it again.")
    return _error(request, 403, sentence=sentence, code="csrf")


def _error(request: HttpRequest, status: int, *, sentence: str = "", code: str = "") -> HttpResponse:
    sentence = sentence or str(SENTENCES[status])
    if wants_json(request):
        return problem(code=code or f"http_{status}", sentence=sentence, status=status)
    if getattr(request, "htmx", None):
        return alert(request, {"sentence": sentence, "status": status})
    context = {"sentence": sentence, "status": status, "code": code, "about_account": about_account(request)}
    response = render(request, f"{status}.html", context | {"unsaved": still_here(request)}, status=status)
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response


def still_here(request: HttpRequest) -> list[StoredValue]:
    """What was typed, where it can be read, and was sent from a page of ours: nobody else puts words on this one."""
    with suppress(Exception):  # what is too large or broken is not read
        return unsaved(request) if sent_from_here(request) else []
    return []


def sent_from_here(request: HttpRequest) -> bool:
    """Whether a page of this host sent the request. Without https a browser tells it by the page's address alone."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    page = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(page).netloc == request.get_host()


def about_account(request: HttpRequest) -> bool:
    """Whether somebody signs in, or changes the password."""
    match = request.resolver_match
    return bool(match and (match.url_name or "").startswith(("account_", "mfa_")))
