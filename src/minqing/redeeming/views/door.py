"""Behind the code at a door: the code that is shown in a shop."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from minqing.core import clock
from minqing.core.errors import NotFound
from minqing.doorstep.access import by_address, by_part, resident_page, unknown
from minqing.doorstep.access.known import AtHome, at_door, known_at, to_show
from minqing.points.enums import AccountKind
from minqing.points.queries.people import payers_of, purses_of
from minqing.points.services import own_account
from minqing.redeeming.codes import in_groups
from minqing.redeeming.queries.shops import last_sale_to, words_of
from minqing.redeeming.rules import SHOW_BY_ADDRESS, SHOW_BY_CODE, SHOWN_FOR, SHOWN_MOST, TOLD_FOR
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
        # their own stands for them, also where the household's pays before they were ever thanked themselves
        own = own_account(resident=known.resident, by=known.door.actor)
        most = min(number_in(request.POST.get("most", "")) or SHOWN_MOST, purse.holding.available)
        digits, until = show_code(payer=purse.account, person=own, most=most, by=known.door.actor)
    context = {
        "token": known.door.token,
        "account": purse.account,
        "digits": in_groups(digits),
        "until": until,
        "seconds": int(SHOWN_FOR.total_seconds()),
        "has": purse.holding.available,
        "most": most,
        "since": int(clock.now().timestamp()),
        "qr": segno.make(digits, error="m", micro=False).svg_data_uri(scale=6, border=2),
    }
    return render(request, "redeeming/code.html", context)


def number_in(text: str, *, digits: int = 6) -> int:
    """0 for what is no such number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else 0


@resident_page()
@require_safe
def spent(request: HttpRequest, token: str) -> HttpResponse:
    """What the shop has taken just now, which the page of the code asks for by itself."""
    known = known_at(request, token)
    if known is None:
        return unknown(request)
    if not isinstance(known, AtHome):
        return to_show(request, token)
    # what was taken before this code was shown is no news
    since = datetime.fromtimestamp(number_in(request.GET.get("since", ""), digits=11), UTC)
    with at_door() as actor:
        purses = payers_of(actor, household=known.door.household_id, resident=known.resident)
        own = next((one.account for one in purses if one.kind is AccountKind.RESIDENT), None)
        people = [own] if own else [one.account for one in purses]
        sale = last_sale_to(people, max(clock.now() - TOLD_FOR, since))
        lines = list(sale.lines.all()) if sale else []
        what = words_of([sale.pk]).get(sale.pk, "") if sale else ""
    # a page that is left open does not ask for ever
    asks = sale is None and clock.now() < since + TOLD_FOR
    context = {"token": token, "sale": sale, "sum": sum(one.sum for one in lines), "what": what, "asks": asks}
    context["good"] = clock.now() < since + SHOWN_FOR
    return render(request, "redeeming/spent.html", context)
