"""What a program that watches asks for: is it alive, can it be worked in. Words and figures about nobody."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse

from minqing.config.env import env
from minqing.config.jobs import last_runs
from minqing.config.metrics import CONTENT_TYPE, text
from minqing.config.readiness import readiness
from minqing.org.signin import client_address

# what a proxy says of a request that it passes on, beside for whom
OF_PROXIES: Final = ("X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")
PLAIN: Final = "text/plain; charset=utf-8"
# of this moment
NOT_KEPT: Final = {"Cache-Control": "no-store"}


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers: ``ok``, or ``late`` if a periodic job is; then when each last succeeded.

    For the supervisor and for monitoring. A job that is late is no reason to take the pages away, so it stays 200.
    """
    runs = last_runs()
    first = "late" if any(one.late for one in runs) else "ok"
    return plain_answer(first, *(f"{one.told()}{' late' if one.late else ''}" for one in runs))


# it says itself that the database is away, and of what it does not depend on
@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> HttpResponse:
    """200 and ``ready`` where people can work, else 503 and ``not ready``.

    Whoever may watch reads what was looked at too, one a line: it is nobody else's that a disk runs full.
    """
    looked = readiness()
    well = all(one.well for one in looked)
    lines = map(str, looked) if may_watch(request) else ()
    return plain_answer("ready" if well else "not ready", *lines, status=200 if well else 503)


@transaction.non_atomic_requests
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus on this machine and in the networks that are named; for all others there is no such page."""
    if not may_watch(request):
        raise Http404
    return HttpResponse(text(), content_type=CONTENT_TYPE, headers=NOT_KEPT)


def may_watch(request: HttpRequest) -> bool:
    """By where the request comes from; what another proxy passes on says nothing of that where it is not heeded.

    One on this machine that does not say for whom it asks comes from here too, with whatever address a visitor typed:
    what is asked at this machine itself names it so.
    """
    forwarded = "X-Forwarded-For" in request.headers
    if forwarded and not settings.HTTPS:
        return False
    try:
        address = ip_address(client_address(request))
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback and not forwarded:
        return asked_here(request)
    return address.is_loopback or any(address in network for network in env().monitors)


def asked_here(request: HttpRequest) -> bool:
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    if any(name in request.headers for name in OF_PROXIES):
        return False
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def plain_answer(*lines: str, status: int = 200) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN, status=status, headers=NOT_KEPT)
