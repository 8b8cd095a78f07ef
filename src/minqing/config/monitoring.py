"""What a program that watches asks for: is it alive, can it be worked in. Words and figures about nobody."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from minqing.config.jobs import last_runs
from minqing.config.readiness import readiness

PLAIN = "text/plain; charset=utf-8"


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers: ``ok``, or ``late`` if a periodic job is; then when each last succeeded.

    For the supervisor and for monitoring. A job that is late is no reason to take the pages away, so it stays 200.
    """
    runs = last_runs()
    first = "late" if any(one.late for one in runs) else "ok"
    return told(first, *(f"{one.told()}{' late' if one.late else ''}" for one in runs))


# it says itself that the database is away, and of what it does not depend on
@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> HttpResponse:
    """200 and ``ready`` where people can work, else 503 and ``not ready``; then what was looked at, one a line."""
    looked = readiness()
    well = all(one.well for one in looked)
    return told("ready" if well else "not ready", *map(str, looked), status=200 if well else 503)


def told(*lines: str, status: int = 200) -> HttpResponse:
    answer = HttpResponse("\n".join(lines) + "\n", content_type=PLAIN, status=status)
    # of this moment
    answer["Cache-Control"] = "no-store"
    return answer
