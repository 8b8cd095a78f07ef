"""Many matters to one unit at once: each by the ordinary service, each for itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import DomainError, Invalid, NotFound
from minqing.core.ids import new_id
from minqing.journal.idempotency import as_one_send
from minqing.journal.moves import as_seen, moment_of, version_of
from minqing.matters import queries, services
from minqing.matters.enums import Mechanism
from minqing.matters.protocols import MatterLike
from minqing.matters.suggestion import suggest, topics_of
from minqing.org.queries import usable_unit
from minqing.routing.queries.advice import Advice, advise

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST = 500
USED = _("This form was already used for another matter. Open it again.")


@dataclass(frozen=True)
class Pick:
    """A ticked row: the matter, the id that its assignment was given when the page was shown, and what was shown."""

    matter: UUID
    id: UUID
    seen: str = ""

    @property
    def sent(self) -> str:
        """As it came."""
        return f"{self.matter}.{self.id}.{self.seen}"


@dataclass(frozen=True)
class BulkResult:
    """What became of one pick; ``why`` is empty where it went. ``matter`` is None where there is none to be seen."""

    pick: Pick
    matter: MatterLike | None
    why: StrOrPromise = ""


def pick_of(matter: UUID, changed_at: datetime | None = None) -> str:
    """What a tick box sends for ``matter``, which was listed as it stood at its last change."""
    return f"{matter}.{new_id()}.{version_of(changed_at) if changed_at else ''}"


def picks_of(values: Iterable[str]) -> list[Pick]:
    """What was ticked, each matter once; what is no pick is passed over. Raises Invalid for none or too many.

    In the order in which every other service locks matters, so that two clerks with the same ticks go one behind the
    other, also where each sends them in several pieces.
    """
    found: dict[UUID, Pick] = {}
    for value in values:
        matter, _dot, rest = value.partition(".")
        id, _dot, seen = rest.partition(".")
        try:
            pick = Pick(UUID(matter), UUID(id), seen[:20])
        except ValueError:
            continue
        found.setdefault(pick.matter, pick)
    if not found:
        raise Invalid("no_picks", _("Tick the matters first."))
    if len(found) > MOST:
        raise Invalid("too_many", _("At most 500 matters at once. Tick fewer."))
    return sorted(found.values(), key=lambda pick: pick.matter)


def assign_many(
    picks: Sequence[Pick], *, by: Actor, unit: int | None = None, due_days: int | None = None, category: str = ""
) -> list[BulkResult]:
    """Assign each pick that waits to ``unit``, or without one as the queue suggests for each.

    What cannot go is told with its reason and hinders no other.

    Without a ``category`` each keeps its own, and what has none takes the one that the page suggests.
    A row that somebody has changed since the list was drawn is told as that, and not written over.
    """
    chosen = usable_unit(unit) if unit is not None else None
    matters = {
        one.pk: one
        for one in queries.visible_matters(by).select_related("area").filter(pk__in=[pick.matter for pick in picks])
    }
    fitting = {} if category or unit is None else suggested(matters.values())
    advice = advise(matters.values()) if unit is None else {}
    results: dict[UUID, BulkResult] = {}
    # in the order of locks, whoever calls
    for pick in sorted(picks, key=lambda pick: pick.matter):
        matter = matters.get(pick.matter)
        try:
            # a savepoint of its own: what fails takes back itself alone
            with transaction.atomic(), as_seen(pick.matter, *seen_in(pick, matter, by)):
                if matter is None:
                    raise NotFound("matter")
                if unit is not None and (chosen is None or not matter.area.path.startswith(chosen.area.path)):
                    raise Invalid("unit", _("This unit does not work there. Choose another one for it."))
                form: dict[str, Any] = {"matter": matter, "unit": unit, "due_days": due_days}
                # sent twice it is the same form, also where the first time has sorted the matter
                with as_one_send("assign_many", form | {"category": category}):
                    how = form | {"category": category or fitting.get(matter.pk, "")}
                    if unit is None:
                        how |= as_suggested(advice[matter.pk], matter)
                    matter = services.assign_matter(id=pick.id, by=by, waiting=True, **how)
        except IntegrityError:
            # the id stands at a matter that this actor does not see
            results[pick.matter] = BulkResult(pick, matter, USED)
        except DomainError as error:
            results[pick.matter] = BulkResult(pick, matter, error.sentence)
        else:
            results[pick.matter] = BulkResult(pick, matter)
    return [results[pick.matter] for pick in picks]


def as_suggested(advice: Advice, matter: MatterLike) -> dict[str, object]:
    """What the form beside the queue would come up with."""
    if advice.unit is None:
        raise Invalid("no_suggestion", _("No unit is suggested for it. Open it and choose one."))
    mechanism = Mechanism(advice.mechanism) if advice.mechanism else None
    kind = advice.category.code if advice.category else ""
    return {"unit": advice.unit.id, "category": kind, "due_days": advice.days, "mechanism": mechanism}


def unassign_many(picks: Sequence[Pick], *, by: Actor) -> list[BulkResult]:
    """Take back what was just assigned, by the ids of its assignments; each for itself, as it went."""
    found = queries.visible_matters(by).select_related("area", "lead_unit")
    matters = {one.pk: one for one in found.filter(pk__in=[pick.matter for pick in picks])}
    results: dict[UUID, BulkResult] = {}
    for pick in sorted(picks, key=lambda pick: pick.matter):
        matter = matters.get(pick.matter)
        try:
            with transaction.atomic():
                if matter is None:
                    raise NotFound("matter")
                undo = uuid5(pick.id, "undo")
                services.unassign_matter(id=undo, matter=matter, step=pick.id, by=by)
        except DomainError as error:
            results[pick.matter] = BulkResult(pick, matter, error.sentence)
        else:
            results[pick.matter] = BulkResult(pick, matter)
    return [results[pick.matter] for pick in picks]


def suggested(matters: Iterable[MatterLike]) -> dict[UUID, str]:
    """By matter the code of the category that the queue suggests, where nobody has chosen one."""
    unsorted = [one for one in matters if one.category_id is None]
    topics = topics_of(queries.categories()) if unsorted else ()
    found = {one.pk: suggest(one.title, one.text, topics, most=1) for one in unsorted}
    return {id: best[0].code for id, best in found.items() if best}


def seen_in(pick: Pick, matter: MatterLike | None, by: Actor) -> tuple[str, ...]:
    """The versions in which a row may stand: as it was drawn, and as it is now where nothing came that one must see."""
    if matter is None or not pick.seen or (now := version_of(matter.changed_at)) == pick.seen:
        return (pick.seen,)
    drawn = moment_of(pick.seen)
    if drawn is None or queries.steps_after(matter, drawn, but_by=by.ref):
        return (pick.seen,)
    return pick.seen, now
