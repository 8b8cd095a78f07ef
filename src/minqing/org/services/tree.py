"""One area at a time: added, named anew, hung below another, closed and opened again, each with an event of its own.

``save_area`` is what a table does; here the operator stands before one area and has been shown what the move touches.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.cache_version import invalidate
from minqing.core.errors import Conflict
from minqing.journal.idempotency import sent_once
from minqing.journal.services import Json, record
from minqing.org.enums import ChangeKind, Level
from minqing.org.hooks import held_of_area
from minqing.org.models import Area
from minqing.org.queries import area_by_code
from minqing.org.queries.changes import merged_into
from minqing.org.queries.upkeep import keepers_of_area
from minqing.org.rules import clean_name, may_go, may_hang, may_lie_in, may_manage
from minqing.org.services.areas import lock_tree, settle_path
from minqing.org.services.changes import hang, note_change


@sent_once(made=lambda given: area_by_code(given["code"]))
def add_area(*, id: UUID, code: str, name: str, level: Level, parent: Area | None, by: Actor) -> Area:
    """A new area; one whose code another has is refused, and not changed. ``id`` is that of the form."""
    may_manage(by).require()
    lock_tree()
    parent = Area.objects.get(pk=parent.pk) if parent else None
    may_lie_in(level, Level(parent.level) if parent else None).require()
    if parent is not None and parent.valid_to is not None:
        raise Conflict("area_closed", _("This area is closed. Open it again first, or choose another one."))
    if area_by_code(code) is not None:
        raise Conflict("code_taken", _("Another area has this code. Choose another one."))
    area = Area.objects.create(
        code=code, name=clean_name(name), level=level.value, parent=parent, valid_from=clock.today()
    )
    settle_path(area, parent)
    record_of_area(area, "created", by=by, data={"fields": ["level", "name", "parent_id"], "code": code})
    return area


@transaction.atomic
def rename_area(*, area: Area, name: str, by: Actor) -> Area:
    """What was written under the old name keeps it where it is printed; lists show the new one at once."""
    may_manage(by).require()
    area = Area.objects.select_for_update().get(pk=area.pk)
    if area.name != (clean := clean_name(name)):
        note_change(ChangeKind.RENAME, area, by=by)
        area.name = clean
        area.save(update_fields=["name"])
        record_of_area(area, "renamed", by=by)
    return area


@transaction.atomic
def move_area(*, area: Area, parent: Area, by: Actor) -> Area:
    """Hang an area and all below it under another one; who may see it follows at once. Raises what forbids it."""
    may_manage(by).require()
    lock_tree()
    area, parent = (Area.objects.get(pk=one.pk) for one in (area, parent))
    if area.parent_id != parent.pk:
        refuse_merged(area)
        may_hang(area, parent).require()
        former = area.parent_id
        note_change(ChangeKind.HANG, area, into=parent, by=by)
        hang(area, parent)
        record_of_area(area, "moved", by=by, data={"from": former, "to": parent.pk})
    return area


@transaction.atomic
def close_area(*, area: Area, by: Actor) -> Area:
    """End an area with today: nothing new is put there. Refused while anybody or anything is still in it."""
    may_manage(by).require()
    lock_tree()
    area = Area.objects.select_for_update().get(pk=area.pk)
    if area.valid_to is None:
        may_go([*keepers_of_area(area), *held_of_area(area.pk)]).require()
        area.valid_to = clock.today()
        area.save(update_fields=["valid_to"])
        record_of_area(area, "closed", by=by)
    return area


@transaction.atomic
def reopen_area(*, area: Area, by: Actor) -> Area:
    may_manage(by).require()
    lock_tree()
    area = Area.objects.select_for_update(of=("self",)).select_related("parent").get(pk=area.pk)
    if area.valid_to is not None:
        refuse_merged(area)
        if area.parent is not None and area.parent.valid_to is not None:
            raise Conflict("area_closed", _("The area above is closed. Open that one first."))
        area.valid_to = None
        area.save(update_fields=["valid_to"])
        record_of_area(area, "reopened", by=by)
    return area


def refuse_merged(area: Area) -> None:
    """What has become part of another area stays in it until that is undone."""
    if (merged := merged_into(area.pk)) is not None:
        sentence = _("It has become part of %(name)s. Undo that instead.") % {"name": merged}
        raise Conflict("area_merged", sentence)


def record_of_area(area: Area, what: str, *, by: Actor, data: Mapping[str, Json] | None = None) -> None:
    invalidate()
    record(type=f"org.area.{what}", subject=f"area:{area.pk}", by=by, data=data)
