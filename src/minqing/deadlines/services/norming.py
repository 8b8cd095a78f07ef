"""How long something may take: shipped, asked for by whoever starts a clock, changed by the operator."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.cache_version import invalidate
from minqing.core.errors import Invalid, NotFound
from minqing.deadlines import Target, shipped
from minqing.deadlines.books import UPKEEPS, Book
from minqing.deadlines.models import LadderStep, Norm, PauseRule
from minqing.deadlines.rows import Clock
from minqing.deadlines.rules import may_change_terms
from minqing.deadlines.services.clocks import Promised, lock_things_of, promised
from minqing.deadlines.services.passing import ANEW
from minqing.journal.services import Json, record
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as


def norm(book: Book[Clock], way: str, kind: str) -> Promised | None:
    """What the county promises, None where it promises nothing of the kind."""
    found = Norm.objects.filter(room=book.room, way=str(way), kind=str(kind)).values_list("target", flat=True).first()
    return promised(way, found)


@transaction.atomic
def set_norm(*, book: Book[Clock], way: str, kind: str, target: Target, by: Actor, running: bool = False) -> Norm:
    """From now on new clocks of that kind get ``target``. The next release leaves it so.

    With ``running`` those that run by this norm get it too, counted from where they began, and are reckoned anew by
    what listens to the event; what a person, a category or a law has said stays. Raises NotFound where the county
    promises nothing of the kind, Refused for anybody but the operator.
    """
    may_change_terms(by).require()
    row = Norm.objects.select_for_update().filter(room=book.room, way=str(way), kind=str(kind)).first()
    if row is None:
        raise NotFound("norm")
    written, before = target.as_json(), row.target
    followed = follow(book, row, written) if running else 0
    if written == before and not followed:
        return row
    row.target, row.changed = written, True
    row.save(update_fields=["target", "changed"])
    data: dict[str, Json] = {"room": book.room, "way": row.way, "kind": row.kind, "target": written, "former": before}
    if running:
        data["running"] = followed
    record(type="deadlines.norm.changed", subject=f"norm:{row.pk}", by=by, data=data)
    return row


def follow(book: Book[Clock], row: Norm, written: str) -> int:
    """Give what runs by this norm the new term, to be reckoned anew; returns how many clocks that are."""
    with acting_as(system_actor(f"{book.room}.norms")):
        clocks = book.clocks.filter(norm=row.way, kind=row.kind, stopped_at=None).exclude(target=written)
        # a move that is under way would write back what it has read: it is waited for, and looked at after it
        lock_things_of(book, clocks)
        followed: int = clocks.update(target=written, calendar=ANEW)
        return followed


def target_from(amount: int, unit: str) -> Target:
    """``5`` and ``d`` as a target; raises Invalid for a term that is too short or too long."""
    try:
        return Target.parse(f"{amount}{unit}")
    except ValueError:
        raise Invalid("target", _("This term is too short or too long.")) from None


def load_norms(*, by: Actor) -> int:
    """Bring norms, ladders and reasons to wait of all rooms to this release's version; returns how many rows changed.

    What the operator has set stays as set.
    """
    return sum(load_norms_of(upkeep.book, by=by) for upkeep in UPKEEPS if upkeep.book.reference)


@transaction.atomic
def load_norms_of(book: Book[Clock], *, by: Actor) -> int:
    version, room = shipped.reference(book.reference)["version"], book.room
    if any(table.objects.filter(room=room, version=version).exists() for table in (Norm, LadderStep, PauseRule)):
        return 0
    targets = [
        Norm(room=room, way=way, kind=kind, target=Target.parse(target).as_json(), version=version)
        for way, kinds in shipped.norms(book.reference).items()
        for kind, target in kinds.items()
    ]
    steps = [
        LadderStep(room=room, rung=one.rung.value, after=one.after.as_json(), version=version)
        for one in shipped.ladder(book.reference)
    ]
    pauses = [
        PauseRule(room=room, reason=reason, stops=sorted(one["stops"]), longest=one["longest"], version=version)
        for reason, one in shipped.pauses(book.reference).items()
    ]
    done = bring(Norm, targets, ["room", "way", "kind"], ["target", "version"])
    done += bring(LadderStep, steps, ["room", "rung"], ["after", "used", "version"])
    done += bring(PauseRule, pauses, ["room", "reason"], ["stops", "longest", "offered", "version"])
    invalidate()
    record(type="deadlines.norms.loaded", subject="norms", by=by, data={"room": room, "version": version})
    return done


def bring(table: Any, rows: list[Any], key: list[str], values: list[str]) -> int:
    """Write ``rows``, those apart whose key the operator has changed; returns how many."""
    kept = set(table.objects.filter(changed=True).values_list(*key))
    rows = [row for row in rows if tuple(getattr(row, name) for name in key) not in kept]
    table.objects.bulk_create(rows, update_conflicts=True, unique_fields=key, update_fields=values)
    return len(rows)
