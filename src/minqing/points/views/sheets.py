"""The sheet that a village posts each month, and how people are called on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minqing.core.errors import NotFound
from minqing.documents.printing import FILES
from minqing.doorstep.access import by_address, by_part, resident_page, unknown
from minqing.doorstep.access.known import AtHome, at_door, known_at
from minqing.org.access import PageRequest, looked, page
from minqing.points.forms import NamingForm, naming_form, wish_form
from minqing.points.printing import LISTS, VILLAGE_SHEET, columns, village_sheet
from minqing.points.queries.people import can_be_named, holder_for, purses_of
from minqing.points.queries.sheets import (
    month_in,
    months_back,
    naming_as,
    sheet_of,
    stored_naming,
    village_for,
    villages_of,
)
from minqing.points.rules import (
    ACCOUNTS,
    NAMING,
    SHEETS,
    WISH_BY_ADDRESS,
    WISH_BY_CODE,
    may_choose_naming,
)
from minqing.privacy.access import acting_as
from minqing.web.downloads import download, file_name
from minqing.web.slots import given


@page(roles=SHEETS)
@require_safe
def sheet(request: PageRequest) -> HttpResponse:
    """What it says of a month, before it is printed."""
    villages = villages_of(request.actor)
    chosen = request.GET.get("village", "")
    village = next((one for one in villages if str(one.id) == chosen), villages[0] if villages else None)
    return sheet_page(request, village, villages)


def sheet_page(request: PageRequest, village: Any, villages: object, *, form: NamingForm | None = None) -> HttpResponse:
    month = month_in(request.GET.get("month", "")) or months_back()[0]
    context: dict[str, object] = {"villages": villages, "village": village, "months": months_back(), "month": month}
    if village is not None:
        may, stored = may_choose_naming(request.actor, village.id), stored_naming(village.id)
        context |= {
            "lists": lists_of(fields_of(request, village, month)),
            "goes_on": month == months_back()[0],
            "naming": naming_as(stored),
            "form": (form or naming_form(village.id, stored)) if may else None,
        }
    return render(request, "points/sheet.html", context, status=422 if form else 200)


def fields_of(request: PageRequest, village: Any, month: Any) -> Any:
    about = sheet_of(request.actor, village, month)
    return village_sheet(about, given("points.sheet", request, about))


NUMBERS = frozenset({"times", "points", "people"})
Words = list[tuple[str, bool]]


def lists_of(fields: Any) -> list[tuple[str, Words, list[Words]]]:
    """Each list with its title, headings and rows; each word with whether it is a number."""
    return [
        (
            title,
            [(head, field in NUMBERS) for head, field in zip(heads, LISTS[name], strict=True)],
            [[(row[field], field in NUMBERS) for field in LISTS[name]] for row in fields[name]],
        )
        for name, (title, heads) in columns().items()
    ]


@page(roles=SHEETS)
@require_safe
def sheet_file(request: PageRequest, village: int, month: str, kind: str) -> HttpResponse:
    """For the wall, as PDF or Word. That it was printed is journalled."""
    found, of = village_for(request.actor, village), month_in(month)
    if of is None or kind not in FILES:
        raise NotFound("sheet")
    looked(request, "points.sheet.printed", f"area:{found.id}", month=month)
    name = file_name(_("Public sheet of points"), found.name, month, suffix=kind)
    return download(FILES[kind](VILLAGE_SHEET, fields_of(request, found, of)), name)


@page(roles=NAMING)
@require_POST
def naming(request: PageRequest, village: int) -> HttpResponse:
    """How people are called from now on."""
    found = village_for(request.actor, village)
    form = naming_form(found.id, stored_naming(found.id), request.POST)
    if form.is_valid() and form.apply(village=found.id, by=request.actor):
        messages.success(request, _("Written down. The sheet calls people like this from now on."))
        return redirect("points:sheet")
    return sheet_page(request, found, villages_of(request.actor), form=form)


@page(roles=ACCOUNTS)
@require_POST
def wish(request: PageRequest, account: int) -> HttpResponse:
    """What somebody without a phone told who looks after the place."""
    holder = holder_for(request.actor, account)
    form = wish_form(account, holder.wish, request.POST, named=can_be_named(holder))
    if form.is_valid() and form.apply(account=account, by=request.actor):
        messages.success(request, _("Written down."))
    return redirect("points:account", account)


@resident_page([(WISH_BY_CODE, by_part("token")), (WISH_BY_ADDRESS, by_address)])
@require_POST
def own_wish(request: HttpRequest, token: str, account: int) -> HttpResponse:
    """What somebody says of themselves, or of the household they live in."""
    found = known_at(request, token)
    if found is None:
        return unknown(request)
    if not isinstance(found, AtHome) or not request.allowed:  # type: ignore[attr-defined]
        return redirect("points:own", token)
    with at_door() as actor:
        purses = purses_of(actor, household=found.door.household_id, resident=found.resident)
    mine = next((one for one in purses if one.account == account), None)
    if mine is None:
        raise NotFound("points_account")
    form = wish_form(account, mine.wish, request.POST, named=mine.named, at_door=True)
    with acting_as(found.door.actor) as by:
        if form.is_valid():
            form.apply(account=account, by=by)
    return redirect("points:own", token)
