"""Plays real messages with their real replies through the services, in simulated time.

Known are the message, its time, the reply and its time. When the clerk assigned it and the unit took it is not: here
both happen in the first working hours (:data:`ASSIGNED`, :data:`ACCEPTED`), never after the reply. What the reporter
said is not known either: nobody says anything, unless made-up reporters are asked for, who are marked as such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Final, TypeAlias
from uuid import UUID

from django.db import transaction

from minqing.core import cache_version
from minqing.core.actor import Actor
from minqing.core.clock import SHANGHAI, local_date
from minqing.core.ids import digest
from minqing.deadlines.services import escalate_due, reckon_clocks, resume_due
from minqing.demo.board import Message, Why
from minqing.demo.services.actors import of_unit, person
from minqing.demo.words import MADE_UP_WORD
from minqing.matters.enums import Channel, Mechanism, Move, Source, State
from minqing.matters.queries import matter_for, visible_matters
from minqing.matters.services import (
    accept_matter,
    assign_matter,
    confirm_matter,
    draw_call_backs,
    finish_matter,
    report_matter,
)
from minqing.org.queries import system_actor, top_area, work_time
from minqing.privacy.access import acting_as, transaction_as
from minqing.routing.queries.advice import Lookups, MatterInput, advise_on, read_lookups

Service: TypeAlias = Callable[..., object]
Progress: TypeAlias = Callable[[date, int], None]
ACTOR, CLERK = "demo.replay", "centre"
# whoever reads a confirmation sees from this that no reporter gave it
MADE_UP = "demo.replay.made_up"
# working hours after the receipt
ASSIGNED, ACCEPTED = timedelta(hours=1), timedelta(hours=3)
NIGHT = time(0, 20)
DAY = timedelta(days=1)
# answered matters are drawn for a call back for seven days
DRAWN: Final = 8
# what is still to be done with a matter that stands so; whatever people have made of it since is left to them
LEFT: Final = {
    None: (Move.RECEIVE, Move.ASSIGN, Move.ACCEPT, Move.FINISH, Move.CONFIRM),
    State.RECEIVED: (Move.ASSIGN, Move.ACCEPT, Move.FINISH, Move.CONFIRM),
    State.ASSIGNED: (Move.ACCEPT, Move.FINISH, Move.CONFIRM),
    State.ACCEPTED: (Move.FINISH, Move.CONFIRM),
    State.FINISHED: (Move.CONFIRM,),
}
ORDER = {move: place for place, move in enumerate(LEFT[None])}


class NobodyThere(RuntimeError):
    """The demo's own people are missing: no clerk of the county, or no unit to give a matter to."""


@dataclass(frozen=True)
class Act:
    """One move of one message's matter at its simulated time."""

    at: datetime
    move: Move
    message: Message

    @property
    def order(self) -> tuple[datetime, int, str]:
        return self.at, ORDER[self.move], self.message.number


@dataclass
class Played:
    """What one run did: moves by kind, rungs climbed, nights, and messages that lie here from an import."""

    moves: Counter[Move] = field(default_factory=Counter)
    skipped: Counter[Why] = field(default_factory=Counter)
    climbed: int = 0
    drawn: int = 0
    nights: int = 0


def replay(
    messages: Sequence[Message],
    *,
    made_up: bool = False,
    progress: Callable[[date, int], None] = lambda day, done: None,
) -> Played:
    """Play what is not played yet of ``messages``; a run that was cut off is gone on with, a second adds nothing.

    Each simulated day is one transaction, and each night the county's own jobs run as of that night. ``made_up``
    lets reporters answer who were never asked. ``progress`` is told each day and how many moves were made.
    """
    return Play(made_up=made_up, progress=progress).run(messages)


class Play:
    """One run. Everything that stands still while it runs is read once."""

    def __init__(self, *, made_up: bool, progress: Progress) -> None:
        self.made_up, self.progress = made_up, progress
        self.played = Played()
        with transaction.atomic():
            self.system, self.reporter = system_actor(ACTOR), system_actor(MADE_UP)
            self.work, area, clerk = work_time(), top_area(), person(CLERK)
            with acting_as(self.system):
                self.table: Lookups = read_lookups()
        if area is None or clerk is None:
            raise NobodyThere("this county has no clerk of its own")
        self.area, self.clerk = area, clerk
        self.units: dict[int, Actor] = {}
        self.open: set[UUID] = set()
        self.last_finish: datetime | None = None

    def run(self, messages: Sequence[Message]) -> Played:
        acts = sorted(self.left(messages), key=lambda act: act.order)
        night: date | None = None
        for day, todays in groupby(acts, key=lambda act: local_date(act.at)):
            self.pass_nights(night, day)
            night = day
            with transaction.atomic(), cache_version.assume_versions(cache_version.current_versions()):
                for act in todays:
                    self.do(act)
            self.progress(day, self.played.moves.total())
        if night:
            self.pass_nights(night, night + DRAWN * DAY)
        return self.played

    def left(self, messages: Iterable[Message]) -> Iterator[Act]:
        """What is to be done, and which matters are in hand already."""
        messages = list(messages)
        known = self.known([one.number for one in messages])
        for message in messages:
            id, state = known.get(message.number, (message.id, None))
            if id != message.id:
                self.played.skipped[Why.IMPORTED] += 1
                continue
            if state in LEFT and state not in {None, State.FINISHED}:
                self.open.add(id)
            for move in LEFT.get(state, ()):
                if move is not Move.CONFIRM:
                    yield Act(self.moment(message, move), move, message)
                elif self.made_up and lot(message) % 2 == 0:
                    yield Act(said_at(message), move, message)

    def known(self, numbers: Sequence[str]) -> dict[str, tuple[UUID, State]]:
        with transaction_as(self.system) as by:
            rows = visible_matters(by).filter(channel=Channel.MESSAGE.value, outside_number__in=numbers)
            return {str(n): (id, State(state)) for id, n, state in rows.values_list("id", "outside_number", "state")}

    def moment(self, message: Message, move: Move) -> datetime:
        if move is Move.RECEIVE:
            return message.at
        if move is Move.FINISH:
            return message.replied_at
        return min(self.work.add_hours(message.at, ASSIGNED if move is Move.ASSIGN else ACCEPTED), message.replied_at)

    def pass_nights(self, after: date | None, until: date) -> None:
        """The nights behind the day ``after`` up to that before the work of ``until``."""
        day = after or until
        with cache_version.assume_versions(cache_version.current_versions()):
            while day < until:
                day += DAY
                self.pass_night(datetime.combine(day, NIGHT, SHANGHAI))

    def pass_night(self, at: datetime) -> None:
        """What the county does by itself, once a simulated day, as far as anything can be due."""
        drawing = self.last_finish is not None and self.last_finish > at - DRAWN * DAY
        self.played.nights += bool(self.open) or drawing
        if self.open:
            resume_due(by=self.system, at=at)
            self.played.climbed += escalate_due(by=self.system, at=at)
            reckon_clocks(by=self.system, at=at)
        if drawing:
            self.played.drawn += draw_call_backs(by=self.system, at=at)

    def do(self, act: Act) -> None:
        DO[act.move](self, act.message, act.message.step(act.move), act.at)
        self.played.moves[act.move] += 1

    def receive(self, message: Message, id: UUID, at: datetime) -> None:
        report_matter(
            id=id,
            title=message.title,
            text=message.text,
            area_id=self.area.pk,
            channel=Channel.MESSAGE,
            reporter_name=message.user,
            outside_number=message.number,
            by=self.system,
            at=at,
        )
        self.open.add(id)

    def assign(self, message: Message, id: UUID, at: datetime) -> None:
        """As the county's clerk does who follows what is suggested; where nothing is, her own office has it."""
        told = MatterInput(message.title, message.text, self.area.path, message.at, "", Channel.MESSAGE.value)
        advice = advise_on(told, self.table)
        unit = advice.unit.id if advice.unit else next(iter(self.clerk.units), None)
        if unit is None:
            raise NobodyThere("no unit for a matter of the county")
        self.move(
            assign_matter,
            message,
            id,
            at,
            self.clerk,
            unit=unit,
            due_days=advice.days,
            category=advice.category.code if advice.category else "",
            mechanism=Mechanism(advice.mechanism) if advice.mechanism else None,
        )

    def accept(self, message: Message, id: UUID, at: datetime) -> None:
        self.move(accept_matter, message, id, at, self.of_unit(message))

    def finish(self, message: Message, id: UUID, at: datetime) -> None:
        self.move(finish_matter, message, id, at, self.of_unit(message), reply=message.reply)
        self.open.discard(message.id)
        self.last_finish = at

    def confirm(self, message: Message, id: UUID, at: datetime) -> None:
        solved, mark = made_up_word(message)
        word = {"answered": True, "solved": solved, "satisfaction": mark, "text": MADE_UP_WORD}
        self.move(confirm_matter, message, id, at, self.reporter, source=Source.BOARD, **word)

    def move(
        self, service: Callable[..., Any], message: Message, id: UUID, at: datetime, by: Actor, **more: Any
    ) -> None:
        with acting_as(by):
            service(id=id, matter=matter_for(by, message.id), by=by, at=at, **more)

    def of_unit(self, message: Message) -> Actor:
        """Somebody of the unit that has the matter; a unit without anybody is acted for by the system."""
        with acting_as(self.system):
            unit = visible_matters(self.system).values_list("lead_unit_id", flat=True).get(pk=message.id)
        if unit not in self.units:
            self.units[unit] = of_unit(unit) or self.system
        return self.units[unit]


DO: Final[dict[Move, Callable[[Play, Message, UUID, datetime], None]]] = {
    Move.RECEIVE: Play.receive,
    Move.ASSIGN: Play.assign,
    Move.ACCEPT: Play.accept,
    Move.FINISH: Play.finish,
    Move.CONFIRM: Play.confirm,
}


def lot(message: Message) -> int:
    """The same for the same message."""
    return int(digest(f"replay:{message.number}")[:8], 16)


def said_at(message: Message) -> datetime:
    return message.replied_at + (1 + lot(message) % 7) * DAY


def made_up_word(message: Message) -> tuple[bool | None, int]:
    """Whether it is solved, and a mark from 3 to 5. Nobody says "not solved": it would wait for a reply for ever."""
    return (None if lot(message) % 5 == 0 else True), 3 + lot(message) // 7 % 3
