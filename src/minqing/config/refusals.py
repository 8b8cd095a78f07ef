"""Which room answers when a request ends outside of its view: software is told in its own form."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from minqing.open311.access import failed_outside
from minqing.web import errors
from minqing.web.problem import problem

OPEN311 = "/open311/"
# addresses of the partners' room that no person opens
MACHINES = ("/partners/events", "/partners/inbox/")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    if request.path.startswith(OPEN311):
        return failed_outside(request, status)
    if request.path.startswith(MACHINES):
        return problem(code=f"http_{status}", sentence=errors.SENTENCES[status], status=status)
    return errors.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return failed_outside(request, 404) if request.path.startswith(OPEN311) else errors.not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(MACHINES):
        return problem(code="server_error", sentence=errors.SENTENCES[500], status=500)
    return failed_outside(request, 500) if request.path.startswith(OPEN311) else errors.server_error(request)
