"""Areas as they change: into which one another went, what it was called, below which it lay; and all of that undone.

An area that becomes part of another one is closed and hangs below it: what is of the past stays in it, and is seen by
those who see the other one. What is of today goes along, a batch at a time (:func:`carry_on`), by a job that may be
killed at any moment; each row is noted, so that the same ones come back when it is undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.cache_version import invalidate
from minqing.core.errors import Conflict
from minqing.journal.moves import Moves
from minqing.journal.services import Json, record
from minqing.org.enums import ChangeKind, ChangeMove
from minqing.org.kinds import PLACED, Placed, going_along
from minqing.org.lifecycle import CHANGE
from minqing.org.models import Area, AreaChange, CarriedRow, Post, Unit
from minqing.org.queries import system_actor
from minqing.org.queries.changes import may_be_undone, posts_right_in
from minqing.org.queries.upkeep import in_force
from minqing.org.rules import may_hang, may_manage, may_merge
from minqing.org.services.areas import lock_tree, settle_path
from minqing.privacy.access import acting_as

# rows of one transaction
BATCH: Final = 500
AREAS, UNITS, POSTS = "org.area", "org.unit", "org.post"
CHANGES: Final = Moves(
    model=AreaChange,
    lifecycle=CHANGE,
    events={
        ChangeMove.BEGIN: "org.area.merged",
        ChangeMove.FINISH: "org.area.merge_finished",
        ChangeMove.UNDO: "org.area.change_undone",
        ChangeMove.FINISH_UNDO: "org.area.undo_finished",
    },
    subject=lambda change: f"area:{change.area_id}",
    event_data=lambda change: {"change": str(change.pk), "kind": change.kind, "into": change.into_id},
    closed=lambda: Conflict("change_settled", _("This was undone already, or is still under way.")),
)


@transaction.atomic
def merge_areas(*, area: Area, into: Area, by: Actor) -> AreaChange:
    """Make ``area`` part of ``into``, of the same level: areas, units and posts at once, the rest by a job.

    It is closed and hangs below ``into``. Raises what forbids it. Events: ``org.area.merged``, and
    ``org.area.merge_finished`` once all has gone along.
    """
    may_manage(by).require()
    lock_tree()
    rows = Area.objects.select_for_update().order_by("pk").in_bulk([area.pk, into.pk])
    area, into = rows[area.pk], rows[into.pk]
    may_merge(area, into).require()
    change = begun(ChangeKind.MERGE, area, into=into, by=by)
    with acting_as(system_actor("org.changes")):
        change.total = sum(one.rows({area.pk}).count() for one in going_along())
    CHANGES.finish(change, ChangeMove.BEGIN, by=by, at=change.made_at)
    below = list(Area.objects.select_for_update().filter(parent=area).order_by("pk"))
    noted(change, AREAS, below)
    for one in [*below, area]:
        hang(one, into)
    Area.objects.filter(pk=area.pk).update(valid_to=clock.today())
    units = list(Unit.objects.select_for_update().filter(area=area).order_by("pk"))
    noted(change, UNITS, units)
    Unit.objects.filter(pk__in=[one.pk for one in units]).update(area=into)
    hand_posts(change, into)
    invalidate()
    return change


def begun(kind: ChangeKind, area: Area, *, by: Actor, into: Area | None = None) -> AreaChange:
    """A change of an area as it is now: its name, and what it hangs below."""
    return AreaChange(
        kind=kind.value,
        area=area,
        into=into,
        former_id=area.parent_id,
        name=area.name,
        made_by=by.ref,
        made_at=clock.now(),
    )


def note_change(kind: ChangeKind, area: Area, *, by: Actor, into: Area | None = None) -> AreaChange:
    """Write down what an area was before a change that is done at once; whoever makes it tells of it."""
    change = begun(kind, area, by=by, into=into)
    return CHANGES.finish(change, ChangeMove.NOTE, by=by, at=change.made_at)


def hang(area: Area, parent: Area) -> None:
    area.parent = parent
    area.save(update_fields=["parent"])
    settle_path(area, parent)


def noted(change: AreaChange, code: str, rows: Iterable[Any]) -> None:
    CarriedRow.objects.bulk_create([CarriedRow(change=change, code=code, key=str(one.pk)) for one in rows])


def hand_posts(change: AreaChange, into: Area) -> None:
    """Whoever has a post in the area has it in the other one from today on; that in the old one ended yesterday."""
    today = clock.today()
    for post in posts_right_in(change.area_id).select_for_update(of=("self",)).order_by("pk"):
        given = {"account_id": post.account_id, "unit_id": post.unit_id, "area": into, "role": post.role}
        as_long = Q(until=None) | Q(until__gte=post.until) if post.until else Q(until=None)
        new = None
        if not Post.objects.filter(as_long, **given).exists():
            new = Post.objects.create(**given, title=post.title, since=today, until=post.until)
        row = CarriedRow(change=change, code=POSTS, key=str(post.pk), other=str(new.pk) if new else "")
        row.day = post.until
        row.save(force_insert=True)
        Post.objects.filter(pk=post.pk).update(until=today - timedelta(days=1))


@transaction.atomic
def undo_change(*, change: AreaChange, by: Actor) -> AreaChange:
    """Make it as it was: tree, units and posts at once, the rest by a job. What came into ``into`` since stays there.

    Raises Conflict where something was built on it since. Events: ``org.area.change_undone``, and
    ``org.area.undo_finished`` once all is back.
    """
    may_manage(by).require()
    lock_tree()
    change = CHANGES.lock(change.pk)
    may_be_undone(change).require()
    at = clock.now()
    data: dict[str, Json] = {}
    area = Area.objects.select_for_update().get(pk=change.area_id)
    if change.kind == ChangeKind.RENAME:
        area.name = change.name
        area.save(update_fields=["name"])
    else:
        former = Area.objects.get(pk=change.former_id or 0)
        if change.kind == ChangeKind.MERGE:
            Area.objects.filter(pk=area.pk).update(valid_to=None)
        may_hang(area, former).require()
        hang(area, former)
        back, ended = put_organisation_back(change, area)
        data = {"posts": back, "posts_ended": ended}
    CHANGES.finish(change, ChangeMove.UNDO, by=by, at=at, data=data, undone_by=by.ref, undone_at=at)
    if change.kind != ChangeKind.MERGE:
        CHANGES.finish(change, ChangeMove.FINISH_UNDO, by=by, at=at)
    invalidate()
    return change


def put_organisation_back(change: AreaChange, area: Area) -> tuple[int, int]:
    """The areas, units and posts that went along, as far as nobody has taken them elsewhere since.

    A post comes back as it stands in the other area by now; one that was ended there stays ended. How many of each.
    """
    keys: dict[str, list[CarriedRow]] = {AREAS: [], UNITS: [], POSTS: []}
    for row in CarriedRow.objects.filter(change=change, code__in=keys).order_by("pk"):
        keys[row.code].append(row)
    below = Area.objects.select_for_update().filter(pk__in=[row.key for row in keys[AREAS]], parent=change.into_id)
    for one in below.order_by("pk"):
        hang(one, area)
    units = Unit.objects.filter(pk__in=[row.key for row in keys[UNITS]], area=change.into_id)
    units.update(area=area)
    both = [id for row in keys[POSTS] for id in (row.key, row.other) if id]
    posts = {str(one.pk): one for one in Post.objects.select_for_update().filter(pk__in=both).order_by("pk")}
    back = sum(put_post_back(row, posts[row.key], posts.get(row.other), change) for row in keys[POSTS])
    return back, len(keys[POSTS]) - back


def put_post_back(row: CarriedRow, post: Post, new: Post | None, change: AreaChange) -> bool:
    """Whether somebody has their post in the area again: only who has one in the other area still, and as long."""
    today = clock.today()
    if not row.other:
        given = {"account": post.account_id, "unit": post.unit_id, "area": change.into_id, "role": post.role}
        if not Post.objects.filter(in_force(), **given).exists():
            return False
        post.until = row.day
    elif new is None or (new.until and new.until < today):
        return False
    else:
        post.until, new.until = new.until, today - timedelta(days=1)
        new.save(update_fields=["until"])
    post.save(update_fields=["until"])
    return True


def carry_on(*, change_id: UUID, by: Actor) -> bool:
    """One batch of a change that is under way, in a transaction of its own; whether nothing is left to do."""
    with transaction.atomic(), acting_as(by):
        change = CHANGES.lock(change_id)
        if CHANGES.target(change, ChangeMove.FINISH):
            return taken_along(change, by)
        if CHANGES.target(change, ChangeMove.FINISH_UNDO):
            return put_back(change, by)
        return True


def taken_along(change: AreaChange, by: Actor) -> bool:
    for placed in going_along():
        noted_before = CarriedRow.objects.filter(change=change, code=placed.code, key=Cast(OuterRef("pk"), CharField()))
        rows = placed.rows({change.area_id}).filter(~Exists(noted_before))
        if keys := list(rows.select_for_update().order_by("pk").values_list("pk", flat=True)[:BATCH]):
            take(change, placed, keys, change.into_id, kept=True, by=by)
            CarriedRow.objects.bulk_create([CarriedRow(change=change, code=placed.code, key=str(key)) for key in keys])
            change.done += len(keys)
            change.save(update_fields=["done"])
            return False
    CHANGES.finish(change, ChangeMove.FINISH, by=by, at=clock.now(), data={"rows": change.done})
    return True


def put_back(change: AreaChange, by: Actor) -> bool:
    """Each row that went along and still is where it went."""
    ours = CarriedRow.objects.filter(change=change, code__in=[one.code for one in going_along()])
    first = ours.order_by("pk").first()
    if first is None:
        CHANGES.finish(change, ChangeMove.FINISH_UNDO, by=by, at=clock.now())
        return True
    placed = PLACED.of(first.code)
    batch = list(ours.filter(code=first.code).order_by("pk")[:BATCH])
    # what was closed since comes back as well: by its key, whether it is of today or not
    there = {f"{placed.column}_id": change.into_id, "pk__in": [row.key for row in batch]}
    rows = placed.all_rows().filter(**there)
    if keys := list(rows.select_for_update().order_by("pk").values_list("pk", flat=True)):
        take(change, placed, keys, change.area_id, kept=False, by=by)
    CarriedRow.objects.filter(pk__in=[row.pk for row in batch]).delete()
    change.done -= len(batch)
    change.save(update_fields=["done"])
    return False


def take(
    change: AreaChange, placed: Placed, keys: Sequence[Any], area_id: int | None, *, kept: bool, by: Actor
) -> None:
    """The rows of those keys, which are locked, are of that area from now on. Event: those of the room that takes them
    along itself, else ``org.area.rows_carried`` for all of them.
    """
    if placed.carry is not None:
        placed.carry(keys=keys, area_id=area_id, kept=kept, by=by)
    else:
        placed.all_rows().filter(pk__in=keys).update(**{f"{placed.column}_id": area_id})
        data: dict[str, Json] = {"rows_of": placed.code, "area": area_id, "keys": [str(key) for key in keys]}
        told = {"change": str(change.pk)} | data
        record(type="org.area.rows_carried", subject=f"area:{change.area_id}", by=by, data=told)
