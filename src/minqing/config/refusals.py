"""Which room answers when a request ends outside of its view: software is told in its own form."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from minqing.config.logs import refused_host
from minqing.core.outage import is_full, is_outage
from minqing.web import errors
from minqing.web import unavailable as away
from minqing.web.programs import programs_at

# for `minqing doctor`: whoever set up a name that is not answered looks there
REFUSED_HOSTS = "refused-hosts"
MOST_HOSTS = 20
_noted: set[str] = set()


def note_refused_host(host: str) -> None:
    """Keep the name, each once a process and few in all: anybody can ask for any."""
    if host in _noted or len(_noted) >= MOST_HOSTS:
        return
    _noted.add(host)
    with contextlib.suppress(OSError):
        path = settings.VAR / REFUSED_HOSTS
        path.write_text("".join(f"{one}\n" for one in [*refused_hosts(but=host), host][-MOST_HOSTS:]))


def refused_hosts(*, but: str = "") -> list[str]:
    """Names that were asked for and not answered, the latest last."""
    try:
        return [one for one in (settings.VAR / REFUSED_HOSTS).read_text().splitlines() if one not in {"", but}]
    except OSError:
        return []


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    if isinstance(exception, DisallowedHost):
        note_refused_host(refused_host(request))
    return in_its_form(request, status) or errors.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return in_its_form(request, 404) or errors.not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the exception is handled: one that only says that the database is away is no fault of ours."""
    error = sys.exc_info()[1]
    if is_outage(error):
        return unavailable(request, away.unavailable, away.TRY_AGAIN)
    if is_full(error):
        return unavailable(request, away.no_room, away.ROOM_AGAIN)
    return in_its_form(request, 500) or errors.server_error(request)


def unavailable(request: HttpRequest, page: Callable[[HttpRequest], HttpResponse], again: int) -> HttpResponse:
    response = in_its_form(request, 503)
    if response is None:
        return page(request)
    response["Retry-After"] = str(again)
    return response


def in_its_form(request: HttpRequest, status: int) -> HttpResponse | None:
    """The answer of the room whose programs call that address, where it has a form of its own."""
    programs = programs_at(request.path)
    return programs.failed(request, status) if programs and programs.failed else None
