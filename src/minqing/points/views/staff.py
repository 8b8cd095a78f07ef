"""The staff's pages: somebody's account, and the sums of a place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from minqing.core.errors import NotFound
from minqing.households.queries import door_url, visible_household
from minqing.households.queries.files import village_of
from minqing.org.access import PageRequest, looked, page
from minqing.org.queries import areas_seen, system_actor
from minqing.points.enums import Code
from minqing.points.forms import HOUSEHOLD, MoveForm, wish_form
from minqing.points.kinds import Sums
from minqing.points.models import Holder
from minqing.points.printing import Chapter, passbook_pdf
from minqing.points.queries import balance_of, coming_days
from minqing.points.queries.figures import Month, overview_of, running_out_in, took_part, whole_of
from minqing.points.queries.people import (
    can_be_named,
    heirs_of,
    holder_for,
    holders_at,
    home_of,
    kept_of,
    lines_of,
    lives_there,
    purse,
)
from minqing.points.rules import ACCOUNTS, MOVERS, SUMS, may_move_points
from minqing.points.views.door import worded
from minqing.privacy.access import acting_as
from minqing.web.downloads import download, file_name
from minqing.web.slots import parts


@page(roles=ACCOUNTS)
@require_safe
def account(request: PageRequest, account: int) -> HttpResponse:
    """What somebody has, and what came and went. That it was looked at is journalled."""
    holder = holder_for(request.actor, account)
    looked(request, "points.account.looked_at", f"points_account:{account}")
    context: dict[str, Any] = {
        "holder": holder,
        "household": home_of(holder),
        "may_move": bool(may_move_points(request.actor, holder.area_id, lives=lives_there(holder))),
        "holding": balance_of(account),
        "days": coming_days(account),
        "lines": worded(request, lines_of(account)),
        "form": wish_form(account, holder.wish, named=can_be_named(holder)),
    }
    return render(request, "points/account.html", context)


@page(roles=MOVERS)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: PageRequest, account: int) -> HttpResponse:
    """All that is free here to another account of the same household, whose people have left or died."""
    holder = holder_for(request.actor, account)
    may_move_points(request.actor, holder.area_id, lives=lives_there(holder)).require()
    form = MoveForm(request.POST or None, choices=others_of(holder))
    if form.is_valid() and (went := form.apply(account=account, by=request.actor)):
        messages.success(request, _("%(n)s points are moved. Each keeps its last day.") % {"n": went})
        return redirect("points:account", account)
    context = {"holder": holder, "form": form, "holding": balance_of(account)}
    return render(request, "points/move.html", context, status=422 if form.is_bound else 200)


def others_of(holder: Holder) -> list[tuple[str, str]]:
    """Whose account it may be instead: those of the household; where nobody is any more, who was."""
    home = home_of(holder)
    with acting_as(system_actor("points.move")) as everywhere:
        people, kept = heirs_of(everywhere, holder), kept_of(everywhere, holder)
    named = {one.pk: one.name for one in people}
    if kept is None:
        moved = [one for one in people if one.household_id != home.pk]
        named |= {one.pk: _("%(name)s, who has moved") % {"name": one.name} for one in moved}
    choices = [(str(id), name) for id, name in named.items() if id != holder.resident_id]
    together = [(HOUSEHOLD, _("The household together"))] if not (kept or holder.household or home.closed_at) else []
    return choices + together


@page(roles=SUMS)
@require_safe
def overview(request: PageRequest) -> HttpResponse:
    """What was given out, redeemed and is still outstanding, month by month, of the reader's places."""
    areas = request.actor.areas
    months, places = overview_of(areas_seen(request.actor))
    context: dict[str, Any] = {"months": months, "now": months[0] if months else None, "people": took_part(areas)}
    if months:
        context |= {
            "whole": whole_of(months),
            "places": places if len(places) > 1 else [],
            "moved": any(one.sums.moved for one in places if one.shown),
            "soon": running_out_in(areas),
            "more": parts("points.overview", request, sums_of(areas, months)),
        }
    return render(request, "points/overview.html", context)


def sums_of(areas: frozenset[int], months: list[Month]) -> Sums:
    return Sums(
        areas=areas,
        opening=sum(one.sums.get(Code.OPENING, 0) for one in months),
        issued=sum(one.issued for one in months),
        redeemed=sum(one.redeemed for one in months),
        outstanding=months[0].outstanding,
    )


@page(roles=ACCOUNTS)
@require_safe
def passbook(request: PageRequest, household_id: UUID) -> HttpResponse:
    """All that a household and its people have, on paper. That it was printed is journalled."""
    actor, household = request.actor, visible_household(request.actor, household_id)
    holders = holders_at(actor, household.pk)
    if not holders:
        raise NotFound("points_account")
    looked(request, "points.passbook.printed", f"household:{household.pk}")
    chapters = [
        Chapter(
            one.resident.name if one.resident else _("Household's points"),
            purse(one),
            worded(request, lines_of(one.pk, most=40)),
        )
        for one in holders
    ]
    url = door_url(actor, household.pk)
    made = passbook_pdf(
        household=household, village=village_of(household), url=f"{url}/points" if url else "", chapters=chapters
    )
    return download(made, file_name(_("Passbook of points"), household.number, suffix="pdf"))
