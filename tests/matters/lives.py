"""Matters brought to where a test begins, by the services and in fixed time; and what is looked at afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import pytest

from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters import queries, services
from minqing.matters.enums import Channel, ClockKind, Outcome
from minqing.matters.models import Clock, Matter, Part, Step
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast, at

RESIDENT = Actor(id=None, kind="resident", name="")
ANSWER: Final = {"reply": "已换新灯。", "outcome": Outcome.SOLVED}
# a Monday without holidays around it
MONDAY = "2026-06-01 "


def monday(time: str) -> datetime:
    return at(MONDAY + time)


def june(day: int, time: str = "10:00") -> datetime:
    return at(f"2026-06-{day:02} {time}")


class Life:
    """One county, one matter at a time; ``do`` makes a move as somebody of the cast."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def report(self, *, when: datetime | None = None, **values: Any) -> Matter:
        cadre = self.cast.actor("cadre")
        given = {"area_id": self.cast.own.id, "channel": Channel.COUNTER, "by": cadre, "at": when or monday("08:30")}
        with acting_as(cadre):
            return services.report_matter(
                **{"id": new_id(), "title": "路灯不亮", "text": "村口路灯坏了。"} | given | values
            )

    def do(self, who: str, verb: str, matter: Matter, **values: Any) -> Matter:
        actor = self.actor(who)
        ticket = (matter.ticket or "") if who == "resident" else ""
        with acting_as(actor, ticket=ticket):
            return getattr(services, verb)(**{"id": new_id(), "matter": matter, "by": actor} | values)

    def actor(self, who: str) -> Actor:
        if who == "resident":
            return RESIDENT
        return system_actor("test") if who == "system" else self.cast.actor(who)

    def refused(self, code: str, who: str, verb: str, matter: Matter, **values: Any) -> None:
        """The move is refused for that reason and leaves nothing behind."""
        before = self.told(matter)
        with pytest.raises(DomainError) as refusal:
            self.do(who, verb, matter, **values)
        assert refusal.value.code == code, str(refusal.value)
        assert self.told(matter) == before

    def assigned(self, *, when: str = "09:00", **values: Any) -> Matter:
        given = {"unit": self.cast.bureau.id, "due_days": 5, "at": monday(when)}
        return self.do("clerk", "assign_matter", self.report(), **given | values)

    def accepted(self, **values: Any) -> Matter:
        return self.do("handler", "accept_matter", self.assigned(**values), at=monday("09:30"))

    def finished(self, *, when: datetime | None = None) -> Matter:
        return self.do("handler", "finish_matter", self.accepted(), at=when or june(2), **ANSWER)

    def joint(self, *units: int, **values: Any) -> Matter:
        """In hand, with a part for each of ``units`` (the office and the committee)."""
        matter = self.accepted()
        for unit in units or (self.cast.office.id, self.cast.committee.id):
            matter = self.do("handler", "ask_part", matter, unit=unit, task="请核实", at=monday("10:00"), **values)
        return matter

    def supervised(self) -> Matter:
        return self.do("leader", "supervise_matter", self.accepted(), order="十日内办结", at=monday("10:00"))

    def suspended(self, **values: Any) -> Matter:
        given = {"reason": "reporter", "until": june(20).date(), "text": "等您补充照片。", "at": june(2)}
        return self.do("handler", "suspend_matter", self.accepted(), **given | values)

    def told(self, matter: Matter) -> list[int]:
        with self.cast.everything():
            return [Event.objects.count(), Step.objects.filter(matter=matter).count()]

    def now(self, matter: Matter) -> Matter:
        with self.cast.everything():
            return Matter.objects.get(pk=matter.pk)

    def look(self, read: Callable[[], Any]) -> Any:
        with self.cast.everything():
            return read()

    def clock(self, matter: Matter, kind: ClockKind, *, part: UUID | None = None) -> Clock:
        """The newest one."""
        with self.cast.everything():
            rows = Clock.objects.filter(matter=matter, kind=kind.value)
            found = (rows.filter(part=part) if part else rows).order_by("-started_at", "-id").first()
        assert found is not None, f"no clock for {kind}"
        return found

    def running(self, matter: Matter) -> set[str]:
        with self.cast.everything():
            return set(Clock.objects.filter(matter=matter, stopped_at=None).values_list("kind", flat=True))

    def part(self, matter: Matter, unit: int) -> Part:
        """The newest part of that unit."""
        with self.cast.everything():
            return Part.objects.filter(matter=matter, unit=unit).order_by("-asked_at", "-id")[0]

    def parts(self, matter: Matter) -> dict[str, str]:
        """Unit code → state."""
        with self.cast.everything():
            return {part.unit.code: part.state for part in Part.objects.filter(matter=matter).select_related("unit")}

    def read_outside(self, matter: Matter) -> list[tuple[str, str]]:
        """Move and text of the steps that the reporter reads, the oldest first."""
        with acting_as(RESIDENT, ticket=matter.ticket or ""):
            return [(step.move, step.text) for step in reversed(queries.steps_of(matter, public_only=True))]

    def last_step(self, matter: Matter) -> Step:
        with self.cast.everything():
            return queries.steps_of(matter)[0]

    def last_event(self, matter: Matter) -> Event:
        return Event.objects.filter(subject=f"matter:{matter.pk}").order_by("-seq")[0]

    def once(self, who: str, verb: str, matter: Matter, **values: Any) -> Matter:
        """The move sent twice: one step, one event, the same answer."""
        id, before = new_id(), self.told(matter)
        first = self.do(who, verb, matter, id=id, **values)
        again = self.do(who, verb, matter, id=id, **values)
        assert (again.state, again.due_at) == (first.state, first.due_at)
        assert self.told(matter) == [count + 1 for count in before], verb
        return again
