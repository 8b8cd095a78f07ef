"""One unit at a time: added, changed, put out of use and in use again, each with an event of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from minqing.core.actor import Actor
from minqing.core.cache_version import invalidate
from minqing.core.errors import Conflict
from minqing.journal.idempotency import sent_once
from minqing.journal.services import record
from minqing.org.enums import UnitKind
from minqing.org.hooks import held_of_unit
from minqing.org.models import Area, Unit
from minqing.org.queries import unit_by_code
from minqing.org.rules import UNIT_CODE_TAKEN, may_go, may_manage
from minqing.org.services.areas import save_unit


@sent_once(made=lambda given: unit_by_code(given["code"]))
def add_unit(
    *, id: UUID, code: str, name: str, kind: UnitKind, area: Area, by: Actor, phone: str = "", hours: Any = None
) -> Unit:
    """A new unit; one whose code another has is refused, and not changed. ``id`` is that of the form."""
    may_manage(by).require()
    unit, outcome = save_unit(code=code, name=name, kind=kind, area=area, phone=phone, hours=hours, by=by)
    if outcome != "created":
        # raised after it was written, and taken back with it: two at once meet at the row
        raise Conflict("code_taken", UNIT_CODE_TAKEN)
    return unit


@transaction.atomic
def change_unit(*, unit: Unit, name: str, kind: UnitKind, area: Area, phone: str, hours: Any, by: Actor) -> Unit:
    """All that a form shows of it. Deadlines that hang on its hours are reckoned anew by the jobs of their rooms."""
    saved, _outcome = save_unit(code=unit.code, name=name, kind=kind, area=area, phone=phone, hours=hours, by=by)
    return saved


@transaction.atomic
def close_unit(*, unit: Unit, by: Actor) -> Unit:
    """It gets no more matters; refused while it still has some in hand."""
    may_manage(by).require()
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if unit.active:
        may_go(held_of_unit(unit.pk)).require()
        turn(unit, active=False, by=by)
    return unit


@transaction.atomic
def reopen_unit(*, unit: Unit, by: Actor) -> Unit:
    may_manage(by).require()
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if not unit.active:
        turn(unit, active=True, by=by)
    return unit


def turn(unit: Unit, *, active: bool, by: Actor) -> None:
    unit.active = active
    unit.save(update_fields=["active"])
    invalidate()
    record(type=f"org.unit.{'reopened' if active else 'closed'}", subject=f"unit:{unit.pk}", by=by)
