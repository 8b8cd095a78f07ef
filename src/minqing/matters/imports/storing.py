"""Messages become matters, a batch at a time, in about a dozen statements each.

A message is known again by the board's number. Where two files use one number for different messages (other
subject), the second gets a few characters of a digest behind its number: the same ones each time it is brought.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import key_of
from minqing.core.ids import digest, new_id
from minqing.deadlines.services import clocks_of
from minqing.intake.kinds import Stored
from minqing.matters import queries
from minqing.matters.enums import Channel, ClockKind, Mechanism, Move, State
from minqing.matters.lifecycle import MATTER
from minqing.matters.models import SUGGESTER, Category, Clock, Matter, Reporter, Step
from minqing.matters.queries.clocks import CLOCKS, IN_ORDER
from minqing.matters.services.clocks import deadline_of, end_of_next_day, norm, stop_clocks
from minqing.matters.services.reporting import NUMBERS
from minqing.matters.suggestion import Suggestion, suggest, topics_of, unit_for, way_up
from minqing.matters.tickets import digest_of
from minqing.matters.words import vector
from minqing.org.protocols import UnitLike
from minqing.org.queries import area_by_code, top_area, units_at_work, work_time
from minqing.worktime.hours import WorkTime

BATCH = 500
# from when the terms count: old matters would all be overdue in the minute they come in
FROM_LOADING: Final = "loading"
FROM_TABLE: Final = "table"


@dataclass(frozen=True)
class Message:
    """One message as read; times are aware. ``category`` is a name or code, ``area`` a code; both may be empty."""

    number: str
    user: str
    title: str
    text: str
    at: datetime
    likes: int
    reply: str
    replied_at: datetime | None
    category: str
    area: str

    @property
    def second_key(self) -> str:
        """The number to use where another message has it already."""
        return f"{self.number}-{digest(self.title)[:6]}"


class Board:
    """What one pass knows: categories, units, areas are read once."""

    def __init__(self, by: Actor, choice: str = FROM_LOADING) -> None:
        self.by, self.choice = by, choice
        self.areas: dict[str, Any] = {}

    @cached_property
    def categories(self) -> list[Category]:
        return list(queries.categories())

    @cached_property
    def topics(self) -> list[Any]:
        return topics_of(self.categories)

    @cached_property
    def by_name(self) -> dict[str, Category]:
        """First-level categories by name, all by code."""
        tops = {key_of(row.name): row for row in self.categories if row.parent_id is None}
        return {key_of(row.code): row for row in self.categories} | tops

    def family(self, code: str | None) -> Sequence[str]:
        """A category and those above it."""
        return way_up(code, {row.code: row.parent_id or "" for row in self.categories}) if code else ()

    @cached_property
    def units(self) -> list[UnitLike]:
        return list(units_at_work())

    def area(self, code: str) -> Any:
        if code not in self.areas:
            self.areas[code] = area_by_code(code) if code else top_area()
        return self.areas[code]

    def problems(self, message: Message) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.area(message.area) is None:
            found["area"] = _("There is no such place. Give its code, or import the areas first.")
        if message.category and key_of(message.category) not in self.by_name:
            found["category"] = format_lazy(
                _("There is no category {name}. Leave it empty to have one suggested."), name=message.category[:20]
            )
        if message.reply and not self.units:
            found["reply"] = _("Import the units first: an answered matter needs the unit that answered.")
        return found

    def store(self, messages: Sequence[Message]) -> Stored:
        known = self.known(messages, lock=True)
        fresh: dict[str, Message] = {}
        stored = Stored()
        for message in messages:
            key = self.key_of(message, known, fresh)
            if key in fresh:
                stored.unchanged += 1
            elif (matter := known.get(key)) is None:
                fresh[key] = message
            elif self.update(matter, message):
                stored.updated += 1
            else:
                stored.unchanged += 1
        self.insert(fresh)
        stored.created += len(fresh)
        return stored

    def known(self, messages: Sequence[Message], *, lock: bool = False) -> dict[str, Matter]:
        """The matters that these messages became, by their numbers. ``lock``: nobody moves one until they are stored.

        Else a reply of the file would be written over what a clerk assigns at that moment.
        """
        keys = {key for message in messages for key in (message.number, message.second_key)}
        rows = Matter.objects.filter(channel=Channel.MESSAGE.value, outside_number__in=keys)
        if lock:
            rows = rows.select_for_update(of=("self",)).order_by(*IN_ORDER)
        return {row.outside_number or "": row for row in rows.select_related("category", "area").defer("search")}

    def key_of(self, message: Message, known: dict[str, Matter], fresh: dict[str, Message]) -> str:
        there = known.get(message.number) or fresh.get(message.number)
        return message.number if there is None or there.title == message.title else message.second_key

    def insert(self, fresh: dict[str, Message]) -> None:
        numbers = NUMBERS.many([message.at for message in fresh.values()])
        made = [
            Entry(self, message, key, number) for (key, message), number in zip(fresh.items(), numbers, strict=True)
        ]
        begun = clock.now() if self.choice == FROM_LOADING else None
        clocks = [row for entry in made if not entry.message.reply for row in self.wait(entry, begun)]
        Matter.objects.bulk_create([entry.matter for entry in made], batch_size=BATCH)
        Clock.objects.bulk_create(clocks, batch_size=BATCH)
        Step.objects.bulk_create([step for entry in made for step in entry.steps()], batch_size=BATCH)
        named = [(entry.matter, entry.message.user) for entry in made if entry.message.user]
        Reporter.objects.bulk_create([Reporter(matter=matter, name=name) for matter, name in named], batch_size=BATCH)

    def wait(self, entry: Entry, begun: datetime | None) -> Iterable[Clock]:
        """What nobody has answered waits to be assigned, as any other matter; the clocks, not yet stored."""
        at, hears = (begun, None) if begun else (entry.message.at, self.hears)
        rows = clocks_of(CLOCKS, entry.matter, self.promises, at=at, work=self.work, hears=hears)
        for name, value in deadline_of(rows.get(ClockKind.ASSIGN)).items():
            setattr(entry.matter, name, value)
        return rows.values()

    @cached_property
    def promises(self) -> dict[ClockKind, Any]:
        return {kind: norm(Mechanism.IMMEDIATE, kind) for kind in (ClockKind.FIRST_CONTACT, ClockKind.ASSIGN)}

    @cached_property
    def hears(self) -> datetime:
        """Else the next run of the ladder would tell everybody up to the county's leaders of every old one at once."""
        return end_of_next_day(clock.now())

    @cached_property
    def work(self) -> WorkTime:
        return work_time()

    def update(self, matter: Matter, message: Message) -> bool:
        """Bring what a later file knows more: likes, the label, a reply. True when something changed."""
        changes: dict[str, Any] = {}
        if message.likes > matter.likes:
            changes["likes"] = message.likes
        label = self.by_name.get(key_of(message.category))
        if label and matter.state == State.RECEIVED and label.code not in self.family(matter.category_id):
            changes["category"] = label
        entry = None
        if message.reply and matter.state == State.RECEIVED:
            entry = Entry(self, message, matter.outside_number or "", matter.number, matter=matter)
            changes |= entry.answered() | deadline_of(None)
            stop_clocks(matter, at=message.replied_at or message.at)
        for name, value in changes.items():
            setattr(matter, name, value)
        if changes:
            matter.save(update_fields=list(changes))
        if entry:
            Step.objects.bulk_create(entry.history())
        return bool(changes)


class Entry:
    """One message on its way to being a matter, and the steps of its history."""

    def __init__(self, board: Board, message: Message, key: str, number: str, *, matter: Matter | None = None) -> None:
        self.board, self.message = board, message
        self.suggestion: Suggestion | None = None
        if matter is not None:
            self.matter = matter
            return
        id, area = new_id(), board.area(message.area)
        category = board.by_name.get(key_of(message.category)) or self.suggested()
        self.matter = Matter(
            id=id,
            number=number,
            title=message.title,
            text=message.text,
            category=category,
            area=area,
            channel=Channel.MESSAGE.value,
            state=MATTER.born(Move.RECEIVE).value,
            received_at=message.at,
            changed_at=message.at,
            likes=message.likes,
            outside_number=key,
            ticket=digest_of(id),
            search=vector(message.title, message.text, number, key),
        )
        if message.reply:
            for name, value in self.answered().items():
                setattr(self.matter, name, value)

    def suggested(self) -> Category | None:
        found = suggest(self.message.title, self.message.text, self.board.topics, most=1)
        self.suggestion = found[0] if found else None
        return self.board.by_name[key_of(found[0].code)] if found else None

    def answered(self) -> dict[str, Any]:
        """How the row looks once its reply is in. No deadline is invented for what was over long ago."""
        return {
            "state": MATTER.changing[State.ACCEPTED, Move.FINISH].value,
            "lead_unit": self.unit(),
            "assigned_at": self.message.at,
            "finished_at": self.message.replied_at,
            "changed_at": self.message.replied_at,
        }

    def unit(self) -> UnitLike:
        """The unit of the category at that place, else the nearest above or any: somebody has answered."""
        category, path = self.matter.category, self.matter.area.path
        found = unit_for(category.unit_code, path, self.board.units) if category else None
        near = (unit for unit in self.board.units if path.startswith(unit.area.path))
        return found or next(near, self.board.units[0])

    def steps(self) -> list[Step]:
        steps = [self.step(Move.RECEIVE, State.RECEIVED, self.message.at, id=self.matter.pk)]
        if self.suggestion:
            words = " ".join(f"“{word}”" for word in self.suggestion.words)
            told = self.step(Move.CLASSIFY, State.RECEIVED, self.message.at, text=words, public=False, by=SUGGESTER)
            steps.append(told)
        return steps + (self.history() if self.message.reply else [])

    def history(self) -> list[Step]:
        """The board tells when the reply came; when the unit got and took it is not known and not shown outside."""
        at, replied_at = self.message.at, self.message.replied_at or self.message.at
        return [
            self.step(Move.ASSIGN, State.ASSIGNED, at, public=False),
            self.step(Move.ACCEPT, State.ACCEPTED, at, public=False),
            self.step(Move.FINISH, State.FINISHED, replied_at, text=self.message.reply),
        ]

    def step(
        self,
        move: Move,
        state: State,
        at: datetime,
        *,
        text: str = "",
        public: bool = True,
        by: str = "",
        id: Any = None,
    ) -> Step:
        return Step(
            id=id or new_id(),
            matter=self.matter,
            move=move.value,
            state=state.value,
            at=at,
            by=by or self.board.by.ref,
            unit_id=self.matter.lead_unit_id if state is not State.RECEIVED else None,
            text=text,
            public=public,
        )
