"""The shops of a place: opened, stocked, and their day."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minqing.core import clock
from minqing.org.access import PageRequest, page
from minqing.org.enums import Level
from minqing.org.queries import areas_seen, people_in, who_changed
from minqing.points.queries.sheets import month_in, months_back
from minqing.redeeming.forms.shops import (
    CloseForm,
    GiveBackForm,
    KeepersForm,
    OpenShopForm,
    SellForm,
    SettleForm,
    StockForm,
)
from minqing.redeeming.imports import KIND
from minqing.redeeming.models import Shop
from minqing.redeeming.queries import shops as queries
from minqing.redeeming.queries.papers import Difference, compare
from minqing.redeeming.rules import KEEPERS, SHOPS, TILL, may_keep, may_sell, may_settle
from minqing.web.forms import Data

# before it there were no shops for points, and calendars of some systems end
FIRST = date(2000, 1, 1)


@page(roles=SHOPS)
@require_safe
def shops(request: PageRequest) -> HttpResponse:
    """All shops that somebody may see; who keeps one goes on to its till."""
    context = {"shops": list(queries.visible_shops(request.actor)), "opens": request.actor.has(*KEEPERS)}
    return render(request, "redeeming/shops.html", context)


@page(roles=KEEPERS)
def open_one(request: PageRequest) -> HttpResponse:
    actor = request.actor
    places = [(one.id, one.name) for one in areas_seen(actor) if one.level == Level.VILLAGE]
    form = OpenShopForm(request.POST or None, places=places, people=people(request))
    if form.is_valid():
        shop = form.apply(by=actor)
        messages.success(request, _("The shop takes points from now on. Write down what it has."))
        return redirect("redeeming:shop", shop.pk)
    return render(request, "redeeming/open_shop.html", {"form": form}, status=422 if form.is_bound else 200)


def people(request: PageRequest, near: int | None = None) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in people_in(request.actor, TILL, near=near)]


@page(roles=SHOPS)
@require_safe
def shop(request: PageRequest, shop_id: UUID) -> HttpResponse:
    """What the shop has, and for who keeps the catalogue what changes that."""
    return detail_page(request, queries.shop_for(request.actor, shop_id))


def detail_page(request: PageRequest, row: Shop, *, form: Form | None = None) -> HttpResponse:
    keeps, stock = may_keep(request.actor, row.area_id), queries.stock_of(row)
    closing = close_form(row) if keeps and not row.is_closed else None
    forms = [stock_form(row), keepers_form(request, row)] if keeps and not row.is_closed else []
    context = {
        "shop": row,
        "stock": stock,
        "forms": [form if isinstance(form, type(one)) else one for one in forms],
        "closing": form if isinstance(form, CloseForm) else closing,
        "keeps": bool(keeps),
        "sells": not row.is_closed and may_sell(request.actor, row.area_id, queries.keepers_of(row)),
    }
    return render(request, "redeeming/shop.html", context, status=422 if form else 200)


def stock_form(row: Shop, data: Data = None) -> StockForm:
    return StockForm(data, shop=row)


def close_form(row: Shop, data: Any = None) -> CloseForm:
    day = clock.local_date(row.closed_at) if row.closed_at else None
    form = CloseForm(data, initial={"day": day, "words": row.closing_words}, auto_id="close-%s")
    form.stands_at(f"shop:{row.pk}", row.changed_at, told=partial(who_changed, f"shop:{row.pk}"))
    return form


def keepers_form(request: PageRequest, row: Shop, data: Data = None) -> KeepersForm:
    now = [str(one) for one in sorted(queries.keepers_of(row))]
    form = KeepersForm(data, people=people(request, row.area_id), initial={"keepers": now})
    subject = f"shop:{row.pk}"
    form.stands_at(subject, row.changed_at, told=partial(who_changed, subject))
    return form


@page(roles=KEEPERS)
@require_POST
def stock(request: PageRequest, shop_id: UUID) -> HttpResponse:
    row = queries.shop_for(request.actor, shop_id)
    form = stock_form(row, request.POST)
    if form.is_valid() and form.apply(shop=row, by=request.actor):
        messages.success(request, _("Written down."))
        return redirect("redeeming:shop", row.pk)
    return detail_page(request, row, form=form)


@page(roles=KEEPERS)
@require_POST
def keepers(request: PageRequest, shop_id: UUID) -> HttpResponse:
    row = queries.shop_for(request.actor, shop_id)
    form = keepers_form(request, row, request.POST)
    if form.is_valid():
        form.apply(shop=row, by=request.actor)
        messages.success(request, _("Written down."))
        return redirect("redeeming:shop", row.pk)
    return detail_page(request, row, form=form)


@page(roles=KEEPERS)
@require_POST
def close(request: PageRequest, shop_id: UUID) -> HttpResponse:
    """From when it takes no points, and why."""
    row = queries.shop_for(request.actor, shop_id)
    form = close_form(row, request.POST)
    if form.is_valid() and form.apply(shop=row, by=request.actor):
        messages.success(request, _("Written down. People read it on their phone."))
        return redirect("redeeming:shop", row.pk)
    return detail_page(request, row, form=form)


@page(roles=TILL)
def till(request: PageRequest, shop_id: UUID) -> HttpResponse:
    """Somebody shows a code and takes something: it is paid, or it is said why not."""
    actor, row = request.actor, queries.till_for(request.actor, shop_id)
    form = SellForm(request.POST or None, stock=queries.stock_of(row))
    if form.is_valid() and (sale := form.apply(shop=row, by=actor)):
        what = queries.words_of([sale.pk]).get(sale.pk, "")
        told = {"what": what, "sum": sum(one.sum for one in sale.lines.all())}
        messages.success(request, _("%(sum)s points are paid. Hand over: %(what)s.") % told)
        return redirect("redeeming:till", row.pk)
    return render(request, "redeeming/till.html", {"shop": row, "form": form}, status=422 if form.is_bound else 200)


@page(roles=SHOPS)
@require_safe
def day(request: PageRequest, shop_id: UUID) -> HttpResponse:
    """A shop's day: what was had, what came back, and the sum of both."""
    row = queries.shop_for(request.actor, shop_id)
    found = queries.day_of(row, day_in(request.GET.get("day", "")))
    sells = bool(may_sell(request.actor, row.area_id, queries.keepers_of(row)))
    return render(request, "redeeming/day.html", {"shop": row, "day": found, "sells": sells})


@page(roles=KEEPERS)
def paper(request: PageRequest, shop_id: UUID) -> HttpResponse:
    """The shop's own paper of a month beside the ledger; each difference is noted with what somebody found."""
    row, actor = queries.shop_for(request.actor, shop_id), request.actor
    month = month_in(request.GET.get("month", "")) or months_back()[0]
    form = SettleForm(request.POST or None)
    if form.is_valid() and form.apply(shop=row, by=actor):
        messages.success(request, _("Written down."))
        return redirect(f"{reverse('redeeming:paper', args=[row.pk])}?month={month:%Y-%m}")
    found = compare(row, month)
    settles = bool(may_settle(actor, row.area_id, queries.keepers_of(row) | queries.sellers_of(row, month)))
    context = {
        "shop": row,
        "month": month,
        "months": months_back(),
        "found": found,
        "open": [(one, form_of(one, number, form) if settles else None) for number, one in enumerate(found.open)],
        "errors": form.errors if form.is_bound else None,
        "brings": actor.has(*KIND.roles),
    }
    return render(request, "redeeming/paper.html", context, status=422 if form.is_bound else 200)


def form_of(one: Difference, number: int, sent: SettleForm) -> SettleForm:
    """The one that was sent, where it is of this difference."""
    sides = (("paper", one.paper), ("ledger", one.ledger))
    told = {"day": one.day.isoformat(), "what": one.what} | {
        f"{side}_{name}": value
        for side, figures in sides
        for name, value in zip(("count", "points"), figures or ("", ""), strict=True)
    }
    if sent.is_bound and all(str(value) == sent.data.get(name, "") for name, value in told.items()):
        return sent
    return SettleForm(initial=told, auto_id=f"settle-{number}-%s")


def day_in(text: str) -> date:
    """The day that is asked for; today for what is none, is still to come, or was before there were shops."""
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        return clock.today()
    return asked if FIRST <= asked <= clock.today() else clock.today()


@page(roles=TILL)
def give_back(request: PageRequest, shop_id: UUID, line_id: UUID) -> HttpResponse:
    """One thing comes back, with the reason."""
    row = queries.till_for(request.actor, shop_id)
    line = queries.line_of(row, line_id)
    form = GiveBackForm(request.POST or None)
    subject = f"sale_line:{line.pk}"
    form.stands_at(subject, line.returned_at, told=partial(who_changed, subject))
    if form.is_valid() and form.apply(line=line, by=request.actor):
        messages.success(request, _("Given back. The points are with them again."))
        return redirect("redeeming:day", row.pk)
    context = {"shop": row, "line": line, "form": form}
    return render(request, "redeeming/give_back.html", context, status=422 if form.is_bound else 200)
