"""What a resident may read: the door of a code, and the own matter of a private link. Nothing else is reachable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import digest
from minqing.core.limits import Limit
from minqing.doorstep.models import Bucket
from minqing.households.codes import is_address
from minqing.households.queries import genuine_plate, household_by_code
from minqing.households.queries.files import village_of
from minqing.households.rules import number_readings
from minqing.matters import queries as matters
from minqing.org.enums import UnitKind
from minqing.org.queries import system_actor, units_over
from minqing.privacy.access import acting_as
from minqing.privacy.seal import blind_index
from minqing.visits.queries import carers_of

NEAR = frozenset({UnitKind.VILLAGE.value, UnitKind.OFFICE.value})


def key_of(limit: Limit, who: str) -> str:
    """The bucket of ``limit`` for ``who``; whoever reads the table learns neither."""
    return blind_index(f"doorstep.{limit.name}", who).hex()


def is_empty(limit: Limit, who: str, *, at: datetime | None = None) -> bool:
    """Whether nothing is left in the bucket; looking takes nothing."""
    now = at or clock.now()
    return Bucket.objects.filter(key=key_of(limit, who), full_at__gt=limit.furthest(now) - limit.every).exists()


@dataclass(frozen=True, slots=True)
class Door:
    """What a code opens: the name of the village, and the right to report. Nothing of the household itself."""

    token: str
    actor: Actor
    household_id: UUID
    area_id: int
    area_path: str
    village: str


def door_of(token: str) -> Door | None:
    """The door of a code in force; None for one that is unknown, revoked or malformed, after the same work."""
    household = household_by_code(token)
    if household is None:
        return None
    return Door(
        token=token,
        actor=Actor(id=None, kind="resident", name="", household=household.pk),
        household_id=household.pk,
        area_id=household.area_id,
        area_path=household.area.path,
        village=village_of(household),
    )


@dataclass(frozen=True, slots=True)
class Contact:
    """An office that residents may call: its name and its own number, never a person's."""

    name: str
    phone: str


def contacts_of(door: Door) -> list[Contact]:
    """The village committee and the township's office, the nearest first, those with a telephone."""
    near = (unit for unit in units_over(door.area_path) if unit.kind in NEAR and unit.phone)
    return [Contact(unit.name, unit.phone) for unit in near]


def cadres_of(door: Door) -> list[str]:
    """Names of the cadres who look after the household."""
    with acting_as(Actor.system("doorstep.cadres", areas=[door.area_id])) as actor:
        return [one.account.name for one in carers_of(actor, door.household_id)]


def plate_number(typed: str) -> str:
    """The household number in what somebody typed, which may also be the whole address that the plate's code holds."""
    home = household_by_code(typed) if is_address(typed) else None
    return home.number if home else typed


def plate_key(typed: str) -> str:
    """The same in one spelling, under which tries are counted."""
    return number_readings(plate_number(typed))[-1]


def is_genuine(*, number: str, check: str) -> bool:
    """Whether a plate with this household number and check code hangs by right; yes or no is all that is told."""
    number = plate_number(number)
    with acting_as(system_actor("doorstep.check")) as actor:
        return genuine_plate(actor, number=number, check=check)


@dataclass(frozen=True, slots=True)
class Followed:
    """A matter as its reporter may read it."""

    ticket: str
    matter: Any
    actor: Actor

    @contextmanager
    def opened(self) -> Iterator[Actor]:
        """Read and write this one matter as its reporter."""
        with acting_as(self.actor, ticket=digest(self.ticket)):
            yield self.actor


def followed(ticket: str, *, helper: Actor | None = None) -> Followed | None:
    """The matter of a private link; None for any other text, after the same work.

    With a ``helper``, who has the reporter's slip at hand, it is read and written as that person for the reporter.
    """
    matter = matters.by_ticket(ticket)
    if matter is None:
        return None
    reporter = Actor(id=None, kind="resident", name="", household=matter.household_id)
    actor = helper.for_another() if helper else reporter
    return Followed(ticket, matter, actor)


@dataclass(frozen=True, slots=True)
class Story:
    """The public steps, newest first, and the ids of the pictures that belong to them and to the report."""

    steps: list[Any]
    own_pictures: list[UUID]

    @property
    def pictures(self) -> frozenset[UUID]:
        of_steps = (one.attachment_id for step in self.steps for one in step.evidence.all())
        return frozenset([*self.own_pictures, *of_steps])


def story_of(followed: Followed) -> Story:
    """What the reporter may read of the matter's history: internal steps and their pictures stay out."""
    with followed.opened():
        steps = matters.steps_of(followed.matter, public_only=True)
        own = [one.attachment_id for one in matters.pictures_of(followed.matter) if one.step_id is None]
    return Story(steps=steps, own_pictures=own)


@dataclass(frozen=True, slots=True)
class Topics:
    """What a matter may be about: the first level to choose from, what is below each, and what is asked about it."""

    tops: list[tuple[str, str]]
    kinds: Mapping[str, list[tuple[str, str]]]
    questions: Mapping[str, list[dict[str, Any]]]


def topics() -> Topics:
    """The categories as a resident chooses among them: few at a time."""
    rows = matters.categories()
    kinds: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        if row.level == 2:
            kinds.setdefault(row.parent_id or "", []).append((row.code, row.name))
    tops = [(row.code, row.name) for row in rows if row.parent_id is None]
    return Topics(tops, kinds, {row.code: row.questions for row in rows if row.questions})
