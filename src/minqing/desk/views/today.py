"""The first page after signing in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.desk.queries.today import care_of, due_households, my_open_matters, queue_figures, unit_matters
from minqing.org.access import PageRequest, page
from minqing.org.enums import DESK, FIELD, OVERSIGHT, Role


@page()
def today(request: PageRequest) -> HttpResponse:
    """What waits for this person: visits for those who walk, matters for those who handle, figures for leaders."""
    actor = request.actor
    if actor.has(*OVERSIGHT):
        return redirect("desk:leader")
    day, now = clock.today(), clock.now()
    context: dict[str, Any] = {"day": day, "now": now}
    if actor.has(*FIELD):
        context |= {
            "field": True,
            "care": care_of(actor, day),
            "due": due_households(actor, day),
            "raised": my_open_matters(actor, now),
        }
    if actor.has(*DESK):
        context |= {
            "desk": True,
            "queue": queue_figures(actor, now),
            "unit_matters": unit_matters(actor, now),
        }
    if actor.has(Role.OPERATOR):
        administration = {"label": _("Areas, units, accounts and posts"), "url": reverse("admin:index"), "icon": "gear"}
        context["links"] = [administration]
    return render(request, "desk/today.html", context)
