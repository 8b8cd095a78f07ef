"""The staff's pages: which machines there are, and one with its slots, troubles and exchanges."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minqing.core import clock
from minqing.core.errors import DomainError, NotFound
from minqing.machines import queries, services
from minqing.machines.enums import Alarm
from minqing.machines.forms import MOST_SLOTS, MachineForm, SlotForm, decide_press, key_press, lock_press
from minqing.machines.models import Machine, Vend
from minqing.machines.rules import HEADS, KEEPERS, READERS, may_keep, may_set_up
from minqing.org.access import PageRequest, page
from minqing.web.paging import page_of

DAYS = 30


@page(roles=READERS)
@require_safe
def machines(request: PageRequest) -> HttpResponse:
    """All machines of the actor's areas, with what wants looking after."""
    found = page_of(queries.with_counts(queries.visible_machines(request.actor)), request)
    now = clock.now()
    rows = [(one, queries.is_online(one, now)) for one in found]
    context = {"page": found, "rows": rows, "may_add": request.actor.has(*HEADS)}
    return render(request, "machines/list.html", context)


@page(roles=HEADS)
def new(request: PageRequest) -> HttpResponse:
    form = MachineForm(request.POST or None, actor=request.actor)
    if form.is_valid():
        made = form.apply(by=request.actor)
        messages.success(request, _("It is set up. Fill its slots, and give it a key."))
        return redirect("machines:machine", made.code)
    return render(request, "machines/new.html", {"form": form}, status=422 if form.is_bound else 200)


@page(roles=READERS)
@require_safe
def machine(request: PageRequest, code: str) -> HttpResponse:
    return detail_page(request, queries.machine_for(request.actor, code))


def detail_page(
    request: PageRequest, row: Machine, *, key: str = "", error: object = "", status: int = 200
) -> HttpResponse:
    actor, now = request.actor, clock.now()
    sold = queries.sold_by_slot(row, now - timedelta(days=DAYS))
    slots = list(queries.slots_of(row))
    keeps = bool(may_keep(actor, row.area_id))
    context: dict[str, object] = {
        "machine": row,
        "online": queries.is_online(row, now),
        "slots": [(one, *sold.get(one.pk, (0, 0))) for one in slots],
        "next": max((one.number for one in slots), default=0) + 1,
        "unknown": [(one, decide_press(one)) for one in queries.unknown_of(row)],
        "troubles": [(Alarm(one.alarm).label, one.since) for one in queries.troubles_of(row)],
        "vends": queries.latest_of(row),
        "keeps": keeps,
        "heads": bool(may_set_up(actor, row.area_id)),
        "key": key,
        "key_press": key_press(row),
        "lock_press": lock_press(row),
        "error": error,
        "days": DAYS,
    }
    return render(request, "machines/machine.html", context, status=status)


@page(roles=KEEPERS)
def slot(request: PageRequest, code: str, number: int) -> HttpResponse:
    """What is in a slot. Whoever has filled it counts and says so here."""
    row = queries.machine_for(request.actor, code)
    if not 0 < number <= MOST_SLOTS:
        raise NotFound("slot")
    form = SlotForm(
        request.POST or None, machine=row, number=number, slot=queries.slot_numbered(row, number), prefix=None
    )
    if form.is_valid():
        form.apply(by=request.actor)
        messages.success(request, _("Slot %(number)s is filled.") % {"number": number})
        return redirect("machines:machine", row.code)
    context = {"form": form, "machine": row, "number": number, "any": queries.goods_for(row).exists()}
    return render(request, "machines/slot.html", context, status=422 if form.is_bound else 200)


@page(roles=HEADS)
@require_POST
def key(request: PageRequest, code: str) -> HttpResponse:
    """A new key; this answer alone shows it."""
    row = queries.machine_for(request.actor, code)
    if not key_press(row, request.POST).is_new():
        messages.warning(request, _("A new key was made already. It was shown once; if it is lost, make another."))
        return redirect("machines:machine", row.code)
    made = services.give_key(machine=row, by=request.actor)
    return detail_page(request, queries.machine_for(request.actor, code), key=made)


@page(roles=KEEPERS)
@require_POST
def lock(request: PageRequest, code: str) -> HttpResponse:
    """Lock it from afar, or open it again: the other of what stands."""
    row = queries.machine_for(request.actor, code)
    if lock_press(row, request.POST).is_new():
        turn = services.unlock_machine if row.locked_at else services.lock_machine
        turn(machine=row, by=request.actor)
    return redirect("machines:machine", row.code)


@page(roles=KEEPERS)
@require_POST
def decide(request: PageRequest, code: str, vend_id: UUID) -> HttpResponse:
    """Somebody has looked: it dropped (``dropped`` is sent along), or it did not."""
    row = queries.machine_for(request.actor, code)
    found = queries.vend_by_id(vend_id)
    if found is None or found.machine_id != row.pk:
        raise NotFound("vend")
    return decided(request, row, found)


def decided(request: PageRequest, row: Machine, found: Vend) -> HttpResponse:
    if decide_press(found, request.POST).is_new():
        try:
            services.decide_vend(vend=found.pk, dropped="dropped" in request.POST, by=request.actor)
        except DomainError as error:
            if error.http_status != 409:
                raise
            return detail_page(request, row, error=error.sentence, status=409)
        messages.success(request, _("Noted. The points are where they belong."))
    return redirect("machines:machine", row.code)
