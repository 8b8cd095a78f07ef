"""Behind the code at a door: the code that is shown in a shop."""

from __future__ import annotations

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from minqing.core.errors import NotFound
from minqing.doorstep.access import by_address, by_part, resident_page, unknown
from minqing.doorstep.access.known import AtHome, at_door, known_at, to_show
from minqing.points.queries.people import purses_of
from minqing.redeeming.codes import in_groups
from minqing.redeeming.rules import SHOW_BY_ADDRESS, SHOW_BY_CODE, SHOWN_FOR
from minqing.redeeming.services import show_code


@resident_page([(SHOW_BY_CODE, by_part("token")), (SHOW_BY_ADDRESS, by_address)])
def code(request: Any, token: str) -> HttpResponse:
    """A new code for one of the own accounts; looked at again, the page leads back to the points."""
    known = known_at(request, token)
    if known is None:
        return unknown(request)
    if not isinstance(known, AtHome):
        return to_show(request, token)
    if request.method != "POST":
        return redirect("points:own", token=token)
    if not request.allowed:
        return render(request, "redeeming/code.html", {"token": token, "too_many": True}, status=429)
    return code_page(request, known)


def code_page(request: HttpRequest, known: AtHome) -> HttpResponse:
    with at_door() as actor:
        purses = purses_of(actor, household=known.door.household_id, resident=known.resident)
        purse = next((one for one in purses if str(one.account) == request.POST.get("account")), None)
        if purse is None:
            raise NotFound("points_account")
        digits, until = show_code(payer=purse.account, by=known.door.actor)
    context = {
        "token": known.door.token,
        "account": purse.account,
        "digits": in_groups(digits),
        "until": until,
        "seconds": int(SHOWN_FOR.total_seconds()),
        "has": purse.holding.available,
        "qr": segno.make(digits, error="m", micro=False).svg_data_uri(scale=6, border=2),
    }
    return render(request, "redeeming/code.html", context)
