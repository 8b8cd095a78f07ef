"""Activities as the people of a household see them behind their code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from minqing.activities import rules
from minqing.activities.enums import SignUpState, State
from minqing.activities.models import Activity, SignUp
from minqing.activities.queries.activities import Seats, seats_of_all
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.earning.queries import Thanked, thanked_for
from minqing.org.queries import area_path

# how far back people look for what was
BACK: Final = timedelta(days=120)
MOST: Final = 30


def held_for(area_id: int, resident: UUID | None) -> QuerySet[Activity]:
    """What is published for the people of that area, and for the places above it; and what whoever stands there has
    signed up for where they lived before.
    """
    here = Q(area__in=[int(part) for part in area_path(area_id).split(".") if part])
    if resident is not None:
        mine = SignUp.objects.filter(resident=resident).exclude(state=SignUpState.WITHDRAWN.value)
        here |= Q(pk__in=mine.values("activity"))
    rows = Activity.objects.filter(here).exclude(state=State.DRAFT.value)
    return rows.select_related("area", "version", "report")


@dataclass(frozen=True, slots=True)
class Shown:
    """An activity at a door: how many come, and where the sign-up of whoever stands there stands."""

    row: Activity
    room: Seats
    mine: SignUp | None
    thanked: Thanked | None = None

    @property
    def place(self) -> SignUpState | None:
        return SignUpState(self.mine.state) if self.mine else None


def shown_at_door(area_id: int, resident: UUID | None, *, now: datetime) -> tuple[list[Shown], list[Shown]]:
    """What is to come, the next first; and what was, the latest first. The caller reads for whoever stands there."""
    rows = held_for(area_id, resident).filter(ends_at__gte=now - BACK)
    coming = Q(state=State.OPEN.value) | Q(state=State.CANCELLED.value, starts_at__gte=now)
    to_come = list(rows.filter(coming).order_by("starts_at", "pk")[:MOST])
    were = rows.filter(state__in=[State.ENDED.value, State.SETTLED.value, State.THANKED.value])
    past = list(were.order_by("-starts_at", "-pk")[:MOST])
    mine = sign_ups_of(resident, [*to_come, *past])
    rooms = seats_of_all([*to_come, *past])
    return (
        [Shown(row, rooms[row.pk], mine.get(row.pk)) for row in to_come],
        [Shown(row, rooms[row.pk], mine.get(row.pk)) for row in past],
    )


def sign_ups_of(resident: UUID | None, rows: list[Activity]) -> dict[UUID, SignUp]:
    """By activity; of several the last."""
    if resident is None:
        return {}
    found = SignUp.objects.filter(resident=resident, activity__in=[one.pk for one in rows])
    return {one.activity_id: one for one in found.order_by("signed_at", "pk")}


def shown_one(actor: Actor, area_id: int, activity_id: UUID, resident: UUID | None) -> Shown:
    """One of them. Raises NotFound for one of another place, or that is not published."""
    row = held_for(area_id, resident).filter(pk=activity_id).first()
    if row is None:
        raise NotFound("activity")
    mine = sign_ups_of(resident, [row]).get(row.pk)
    thanked = thanked_for(actor, [mine.cause]).get(mine.cause) if mine else None
    return Shown(row, seats_of_all([row])[row.pk], mine, thanked)


def before_me(one: SignUp) -> int:
    """How many wait before them."""
    waiting = SignUp.objects.filter(activity=one.activity_id, state=SignUpState.WAITING.value)
    earlier = Q(signed_at__lt=one.signed_at) | Q(signed_at=one.signed_at, pk__lt=one.pk)
    return waiting.filter(earlier).count()


def open_to(shown: Shown, now: datetime) -> dict[str, bool]:
    """What somebody at the door may do with it now."""
    situation = shown.row.situation()
    has = shown.place not in {None, SignUpState.WITHDRAWN}
    return {
        "sign": not has and bool(rules.may_sign_up(situation, now)),
        "withdraw": bool(shown.place and rules.may_withdraw(shown.place, situation, now)),
        "check_in": shown.place is SignUpState.IN and bool(rules.may_check_in(situation, now)),
    }
