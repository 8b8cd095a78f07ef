"""The operator's first page: what works, since when, and what is to be done."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.core import clock
from minqing.desk.queries import LookedOver, Step, looked_over, steps
from minqing.desk.tasks import look_soon
from minqing.org.access import PageRequest, page
from minqing.org.enums import Role
from minqing.web.pieces import LOOK, STOPPED, WELL, Channel
from minqing.web.slots import given, parts

OPERATOR = frozenset({Role.OPERATOR})


@page(roles=OPERATOR)
def operator(request: PageRequest) -> HttpResponse:
    """What the job has found, the ways out of the house, and what the rooms add. Nothing is looked at here."""
    now = clock.now()
    over, channels = looked_over(), given("desk.channels", request, now)
    context = {
        "now": now,
        "over": over,
        "working": not over.stale(now),
        "tasks": to_do(over, channels),
        "rows": [(one, reverse(one.page) if one.page else "") for one in over.rows if one.state != WELL],
        "well": [(one, "") for one in over.rows if one.state == WELL],
        "channels": channels,
        "sections": parts("desk.operator", request, now),
    }
    return render(request, "desk/operator.html", context)


def to_do(over: LookedOver, channels: list[Channel]) -> list[dict[str, Any]]:
    """What is not well, with the way there; what a channel says of itself is not said once more."""
    stopped = [one for one in channels if one.state in {LOOK, STOPPED}]
    pages = {one.url for one in stopped}
    found = [(one, reverse(one.page) if one.page else "") for one in over.ill]
    return [
        *({"name": one.name, "seen": one.seen, "url": one.url} for one in stopped),
        *({"name": one.name, "seen": one.seen, "url": url} for one, url in found if not url or url not in pages),
    ]


@page(roles=OPERATOR)
@require_POST
def look(request: PageRequest) -> HttpResponse:
    """Look everything over now and not in five minutes."""
    look_soon()
    messages.success(request, _("Everything is being looked over. Open this page again in a few seconds."))
    return redirect("desk:operator")


@page(roles=OPERATOR)
def setup(request: PageRequest) -> HttpResponse:
    """What a new county has and what it lacks, each step with the way to it. It is asked anew, so it can be left."""
    found = steps()
    rows = [(one, way_to(one)) for one in found]
    done = sum(bool(one.count) for one in found)
    return render(request, "desk/setup.html", {"rows": rows, "done": done, "left": len(found) - done})


def way_to(step: Step) -> str:
    """The address at which the operator does it; none where somebody else does, as the step says."""
    if step.of.page:
        return reverse(step.of.page)
    if step.of.table and not step.of.how:
        return f"{reverse('intake:new')}?{urlencode({'kind': step.of.table})}"
    return ""
