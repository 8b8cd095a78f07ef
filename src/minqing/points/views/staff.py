"""The staff's pages: somebody's account, and the sums of a place."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from minqing.org.access import PageRequest, looked, page
from minqing.points.queries import balance_of, coming_days
from minqing.points.queries.figures import months_of, took_part
from minqing.points.queries.people import holder_for, lines_of
from minqing.points.rules import ACCOUNTS, SUMS
from minqing.points.views.door import worded


@page(roles=ACCOUNTS)
@require_safe
def account(request: PageRequest, account: int) -> HttpResponse:
    """What somebody has, and what came and went. That it was looked at is journalled."""
    holder = holder_for(request.actor, account)
    looked(request, "points.account.looked_at", f"points_account:{account}")
    context: dict[str, Any] = {
        "holder": holder,
        "household": holder.resident.household if holder.resident else holder.household,
        "holding": balance_of(account),
        "days": coming_days(account),
        "lines": worded(request, lines_of(account)),
    }
    return render(request, "points/account.html", context)


@page(roles=SUMS)
@require_safe
def overview(request: PageRequest) -> HttpResponse:
    """What was given out, redeemed and is still outstanding, month by month, of the reader's places."""
    areas = request.actor.areas
    months = months_of(areas)
    context = {"months": months, "now": months[0] if months else None, "people": took_part(areas)}
    return render(request, "points/overview.html", context)
