"""Households that go to another village or grid, and people who go to another household: what that touches, where they
came from, and whether it can be taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.errors import NotFound
from minqing.households.enums import Relation
from minqing.households.models import Household, Move, Resident, TagGrant
from minqing.households.queries.visibility import in_areas, visible_households, visible_residents
from minqing.households.rules import may_move, may_take_in
from minqing.org.kinds import PLACED, Placed
from minqing.org.queries import system_actor
from minqing.org.rules import Holding
from minqing.privacy.access import acting_as

MOVED_ON = _("Moved once more or gone since. Take back the newest move first.")
SECOND_HEAD = _("This household already has a head. Change that person's relation first.")


def touched(homes: Collection[UUID], *, person: UUID | None = None) -> list[Holding]:
    """What hangs on these households, or on one person alone, in all rooms: what they declare to lie in an area."""
    with acting_as(system_actor("households.moves")):
        told = [Holding(one.label, rows.count(), one.stops) for one in PLACED if one.label
                for rows in (hanging(one, homes, person),) if rows is not None]  # fmt: skip
        if person:
            tags = TagGrant.objects.filter(resident=person, revoked_at=None)
            told.append(Holding(_("Tags of their own"), tags.count()))
    return [one for one in told if one.count]


def hanging(placed: Placed, homes: Collection[UUID], person: UUID | None) -> QuerySet[Any] | None:
    """Those rows of today that name the households or the person; None where such rows name neither."""
    model: Any = apps.get_model(placed.model)
    named = {one.name: one.related_model for one in model._meta.fields}
    people = [name for name, other in named.items() if other is Resident]
    if person is not None:
        found = [Q(**{name: person}) for name in people]
    else:
        found = [Q(**{f"{name}__in": homes}) for name, other in named.items() if other is Household]
        found += [Q(**{f"{name}__household__in": homes}) for name in people]
        found += [Q(pk__in=homes)] if model is Household else []
    if not found:
        return None
    either = Q()
    for one in found:
        either |= one
    return placed.all_rows().filter(placed.now, either)


def visible_moves(actor: Actor) -> QuerySet[Move]:
    """Of households that the actor sees by now."""
    joined = ("household__area__parent", "resident", "from_household", "from_area", "to_area")
    return in_areas(Move.objects.all(), actor, "household__area_id").select_related(*joined)


def moves_together(actor: Actor, together: UUID, *, lock: bool = False) -> list[Move]:
    """All that went by one press; NotFound where there is none, or one of them is of a household out of sight."""
    rows = visible_moves(actor).filter(together=together).order_by("household_id", "pk")
    found = list(rows.select_for_update(of=("self",)) if lock else rows)
    with acting_as(system_actor("households.moves")):
        # also those that have gone on out of the actor's sight
        all_of_it = Move.objects.filter(together=together).count()
    if not found or len(found) != all_of_it:
        raise NotFound("no_move")
    return found


def last_move(actor: Actor, household_id: UUID) -> Move | None:
    """The newest by which the household, or somebody in it by now, came from elsewhere."""
    return visible_moves(actor).filter(household=household_id, undone_at=None).order_by("-made_at", "-pk").first()


def homes_numbered(actor: Actor, numbers: Collection[str]) -> list[Household]:
    """Households of those numbers that the actor sees, in the order of the numbers."""
    found = visible_households(actor).filter(number__in=numbers).select_related("area__parent")
    return list(found.order_by("number"))


def may_move_home(actor: Actor, home: Household, area_id: int) -> Decision:
    """A household whose file is open goes to another area, both of them the actor's."""
    return may_move(actor, home.area_id, area_id) & may_take_in(closed=home.closed_at is not None)


def may_move_person(actor: Actor, person: Resident, to: Household, relation: Relation) -> Decision:
    """Into a household whose file is open, and as its head only where it has none."""
    decision = may_move(actor, person.area_id, to.area_id) & may_take_in(closed=to.closed_at is not None)
    heads = visible_residents(actor).filter(household=to, relation=Relation.HEAD.value, left_at=None)
    if decision and relation is Relation.HEAD and heads.exclude(pk=person.pk).exists():
        return Decision.no("second_head", SECOND_HEAD)
    return decision


def may_undo_moves(actor: Actor, rows: Sequence[Move]) -> Decision:
    """Whether all of them can go back: each is where it went, and there is somewhere to go back to."""
    if any(row.undone_at for row in rows):
        return Decision.no("move_undone", _("This move was taken back already."))
    if gone_on(rows):
        return Decision.no("moved_on", MOVED_ON)
    for row in rows:
        if not (decision := may_undo(actor, row)):
            return decision
    return Decision.yes()


def may_undo(actor: Actor, row: Move) -> Decision:
    home, person, former = row.household, row.resident, row.from_household
    if person is None or former is None:
        if row.from_area.valid_to is not None:
            return Decision.no("area_closed", _("The village or grid it came from is closed by now."))
        if home.area_id != row.to_area_id or home.closed_at is not None:
            return Decision.no("moved_on", MOVED_ON)
        return may_move(actor, home.area_id, row.from_area_id)
    if person.household_id != home.pk or person.left_at is not None:
        return Decision.no("moved_on", MOVED_ON)
    return may_move_person(actor, person, former, Relation(row.relation))


def gone_on(rows: Sequence[Move]) -> bool:
    """Whether one of those households or people has gone somewhere since, and that was not taken back.

    It may have come back to where a move of before took it: what was last is taken back first.
    """
    people = [row.resident_id for row in rows if row.resident_id]
    homes = [row.household_id for row in rows if row.resident_id is None]
    same = Q(resident__in=people) | Q(resident=None, household__in=homes)
    return Move.objects.filter(same, undone_at=None, made_at__gt=max(row.made_at for row in rows)).exists()
