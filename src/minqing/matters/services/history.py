"""Matters of the past, many at a time: a county brings what an older system knows, with every step and its time.

The rules of who may do what do not apply to what was done long ago, but the life of a matter does: steps that do
not follow from one another are refused, and state, unit and times are worked out from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid
from minqing.core.ids import new_id
from minqing.core.point import Point
from minqing.deadlines import Target
from minqing.deadlines.queries import Records
from minqing.deadlines.services import settle_due
from minqing.intake.staging import insert_all, upsert
from minqing.journal.services import record
from minqing.matters.enums import RUNNING, Channel, ClockKind, Mechanism, Move, Outcome, State
from minqing.matters.lifecycle import MATTER
from minqing.matters.models import Clock, Confirmation, Matter, Reporter, Step, Supervision
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.rules import MOST_REFUSALS
from minqing.matters.services.clocks import norm
from minqing.matters.services.reporting import NUMBERS
from minqing.matters.tickets import digest_of
from minqing.matters.words import lexemes_of, quoted
from minqing.org.queries import work_time
from minqing.worktime.hours import WorkTime

EVENT = "matters.history.loaded"


@dataclass(frozen=True, slots=True)
class PastStep:
    """One move; ``by`` is an actor's ``ref``.

    ``unit_id`` belongs to an assignment, ``due_at`` and ``provisional`` to that and to a reopening; ``outcome`` and
    its note to an answer.
    """

    move: Move
    at: datetime
    by: str
    by_name: str = ""
    text: str = ""
    public: bool = True
    unit_id: int | None = None
    due_at: datetime | None = None
    provisional: bool = False
    outcome: Outcome | None = None
    outcome_note: str = ""


@dataclass(frozen=True, slots=True)
class PastWord:
    """What the reporter said in the end."""

    answered: bool | None
    solved: bool | None
    satisfaction: int | None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMatter:
    """One matter; its first step is ``Move.RECEIVE``. ``word`` goes with the last ``Move.CONFIRM``.

    It is supervised exactly when ``Move.SUPERVISE`` with the leader's order is among its steps and was not released.
    """

    id: UUID
    title: str
    text: str
    area_id: int
    channel: Channel
    steps: Sequence[PastStep]
    category_code: str = ""
    mechanism: Mechanism = Mechanism.IMMEDIATE
    household_id: UUID | None = None
    place: str = ""
    point: Point | None = None
    likes: int = 0
    outside_number: str | None = None
    reporter_name: str = ""
    reporter_phone: str = ""
    word: PastWord | None = None
    # who in the unit has it, where it is not with nobody
    handler_id: UUID | None = None


class MatterRow(NamedTuple):
    id: UUID
    number: str
    title: str
    text: str
    answers: str
    category_id: str | None
    area_id: int
    household_id: UUID | None
    channel: str
    mechanism: str
    state: str
    refusals: int
    contested: bool
    lead_unit_id: int | None
    handler_id: UUID | None
    received_at: datetime
    changed_at: datetime
    assigned_at: datetime | None
    due_at: datetime | None
    due_provisional: bool
    finished_at: datetime | None
    closed_at: datetime | None
    outcome: str
    outcome_note: str
    reopened: int
    likes: int
    place: str
    latitude: float | None
    longitude: float | None
    datum: str
    outside_number: str | None
    ticket: str
    search: str


class StepRow(NamedTuple):
    id: UUID
    matter_id: UUID
    move: str
    state: str
    at: datetime
    by: str
    by_name: str
    unit_id: int | None
    text: str
    public: bool


@dataclass(slots=True)
class Standing:
    """A matter on its way through its steps."""

    state: State | None = None
    unit_id: int | None = None
    assigned_at: datetime | None = None
    due_at: datetime | None = None
    provisional: bool = False
    finished_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str = ""
    outcome_note: str = ""
    reopened: int = 0
    refusals: int = 0
    contested: bool = False
    # since when no unit has it
    waits_since: datetime | None = None
    order: StepRow | None = None
    released: bool = False
    steps: list[StepRow] = field(default_factory=list)

    @property
    def supervised(self) -> bool:
        return self.order is not None and not self.released

    def take(self, id: UUID, step: PastStep) -> None:
        to = MATTER.target(self.state, step.move)
        if to is None or (self.steps and step.at < self.steps[-1].at):
            raise Invalid("history", "steps do not follow from one another", matter=str(id), move=step.move.value)
        if to is State.RECEIVED and self.state is not State.RECEIVED:
            self.waits_since = step.at
        self.state = to
        if step.move is Move.ASSIGN:
            self.unit_id, self.assigned_at = step.unit_id, step.at
            self.due_at, self.provisional = step.due_at, step.provisional
            self.contested = False
        elif step.move is Move.SEND_BACK:
            self.refusals += 1
            self.contested = self.refusals % MOST_REFUSALS == 0
            self.assigned_at, self.due_at, self.provisional = None, None, False
        elif step.move is Move.FINISH:
            self.finished_at = step.at
            self.outcome, self.outcome_note = step.outcome.value if step.outcome else "", step.outcome_note
        elif step.move is Move.CONFIRM:
            self.closed_at = step.at
        elif step.move is Move.WITHDRAW:
            self.closed_at, self.due_at, self.provisional = step.at, None, False
        elif step.move is Move.REOPEN:
            self.finished_at = self.closed_at = None
            self.outcome = self.outcome_note = ""
            kept = to is State.ASSIGNED
            self.reopened += kept
            self.assigned_at, self.due_at = (step.at, step.due_at) if kept else (None, None)
            self.provisional = kept and step.provisional
        # the first step has the matter's own id
        key = new_id() if self.steps else id
        row = StepRow(
            key, id, step.move.value, to.value, step.at, step.by, step.by_name, self.unit_id, step.text, step.public
        )
        if step.move is Move.SUPERVISE:
            self.order, self.released = row, False
        elif step.move is Move.RELEASE:
            self.released = True
        self.steps.append(row)


@transaction.atomic
def load_past_matters(matters: Sequence[PastMatter], *, by: Actor) -> int:
    """Store ``matters`` with their steps, reporters and confirmations; returns how many. One event for all.

    The caller acts as somebody who sees the areas (:func:`minqing.privacy.access.acting_as`). Raises
    :class:`Invalid` where steps do not follow from one another, and :class:`Conflict` for a matter that is there
    already: steps have no keys of their own by which a second load could know them.
    """
    if not matters:
        return 0
    ids = {one.id for one in matters}
    if len(ids) < len(matters) or Matter.objects.filter(id__in=ids).exists():
        raise Conflict("history_known")
    standings = [walk(one) for one in matters]
    waiting = waiting_clocks(matters, standings)
    numbers = NUMBERS.many([one.steps[0].at for one in matters])
    rows = [row_of(*each) for each in zip(matters, standings, numbers, strict=True)]
    upsert(Matter, MatterRow._fields, rows, change=())
    upsert(Step, StepRow._fields, (step for standing in standings for step in standing.steps), change=())
    insert_all(
        [
            Reporter(matter_id=one.id, name=one.reporter_name, phone=one.reporter_phone)
            for one in matters
            if one.reporter_name or one.reporter_phone
        ]
    )
    insert_all(orders_of(standings))
    insert_all([*waiting, *running_clocks(matters, standings)])
    insert_all(list(filter(None, map(confirmation_of, matters))))
    record(type=EVENT, subject="matters", by=by, data={"matters": len(matters), "first": numbers[0]})
    return len(matters)


def waiting_clocks(matters: Sequence[PastMatter], standings: Sequence[Standing]) -> list[Clock]:
    """The clocks of those that wait for a unit, whose own deadline they are: it is written into ``standings``."""
    work, terms, rows = work_time(), {one: norm(one, ClockKind.ASSIGN) for one in Mechanism}, []
    for matter, standing in zip(matters, standings, strict=True):
        term = terms[matter.mechanism]
        if standing.state is not State.RECEIVED or standing.waits_since is None or term is None:
            continue
        # not stored yet: nobody above has heard of it
        row = Clock(matter=Matter(id=matter.id), kind=ClockKind.ASSIGN.value, started_at=standing.waits_since)
        row.target, row.norm = term.as_json(), term.way
        settle_due(CLOCKS, row, Records(), standing.waits_since, work)
        standing.due_at, standing.provisional = row.due_at, row.provisional
        rows.append(row)
    return rows


def running_clocks(matters: Sequence[PastMatter], standings: Sequence[Standing]) -> list[Clock]:
    """The clocks of those that are still in hand: their deadline is the former system's until working days change."""
    work = work_time()
    count = work.calendar.working_days_between
    ordered = [row for standing in standings for row in clocks_of_order(standing, work)]
    return ordered + [
        Clock(
            matter_id=matter.id,
            unit_id=standing.unit_id,
            kind=ClockKind.FINISH.value,
            started_at=standing.assigned_at,
            target=Target(days=max(count(standing.assigned_at, standing.due_at), 0)).as_json(),
            calendar=work.fingerprint,
            due_at=standing.due_at,
            provisional=standing.provisional,
            escalate_at=standing.due_at,
        )
        for matter, standing in zip(matters, standings, strict=True)
        if standing.state in RUNNING and standing.due_at and standing.assigned_at
    ]


def walk(matter: PastMatter) -> Standing:
    standing = Standing()
    if not matter.steps:
        raise Invalid("history", "a matter begins with its receipt", matter=str(matter.id))
    for step in matter.steps:
        standing.take(matter.id, step)
    if standing.supervised is not (matter.mechanism is Mechanism.SUPERVISED):
        raise Invalid("history", "a supervised matter has a leader's order, and no other has", matter=str(matter.id))
    return standing


def orders_of(standings: Sequence[Standing]) -> list[Supervision]:
    """The orders that are in force, or were when the matter was closed."""
    rhythm = norm(Mechanism.SUPERVISED, ClockKind.REPORT)
    return [
        Supervision(
            id=order.id,
            matter_id=order.matter_id,
            rhythm=rhythm.as_json() if rhythm else "",
            former=Mechanism.IMMEDIATE.value,
            order=order.text,
            ordered_at=order.at,
            ordered_by=order.by,
            ended_at=standing.closed_at,
        )
        for standing in standings
        if standing.supervised and (order := standing.order)
    ]


def clocks_of_order(standing: Standing, work: WorkTime) -> list[Clock]:
    """The leader's own clocks, as they begin with an order."""
    order, rows = standing.order, []
    if order is None or standing.released or standing.state not in RUNNING:
        return []
    for kind in (ClockKind.SUPERVISION, ClockKind.REPORT):
        row = Clock(matter_id=order.matter_id, unit_id=standing.unit_id, kind=kind.value, started_at=order.at)
        if (term := norm(Mechanism.SUPERVISED, kind)) is not None:
            row.target = term.as_json()
            settle_due(CLOCKS, row, Records(), order.at, work)
            rows.append(row)
    return rows


def row_of(matter: PastMatter, standing: Standing, number: str) -> MatterRow:
    point = matter.point
    return MatterRow(
        id=matter.id,
        number=number,
        title=matter.title,
        text=matter.text,
        answers="{}",
        category_id=matter.category_code or None,
        area_id=matter.area_id,
        household_id=matter.household_id,
        channel=matter.channel.value,
        mechanism=matter.mechanism.value,
        state=(standing.state or State.RECEIVED).value,
        refusals=standing.refusals,
        contested=standing.contested,
        lead_unit_id=standing.unit_id,
        handler_id=matter.handler_id,
        received_at=matter.steps[0].at,
        changed_at=matter.steps[-1].at,
        assigned_at=standing.assigned_at,
        due_at=standing.due_at,
        due_provisional=standing.provisional,
        finished_at=standing.finished_at,
        closed_at=standing.closed_at,
        outcome=standing.outcome,
        outcome_note=standing.outcome_note,
        reopened=standing.reopened,
        likes=matter.likes,
        place=matter.place,
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
        datum=point.datum if point else "",
        outside_number=matter.outside_number,
        ticket=digest_of(matter.id),
        search=lexemes(matter.title, matter.text, number, matter.place),
    )


def lexemes(title: str, *texts: str) -> str:
    """What :func:`minqing.matters.words.vector` makes, written out as a tsvector."""
    return " ".join(map(quoted, lexemes_of(title, *texts)))


def confirmation_of(matter: PastMatter) -> Confirmation | None:
    step: Any = next((step for step in reversed(matter.steps) if step.move is Move.CONFIRM), None)
    word = matter.word
    if step is None or word is None:
        return None
    return Confirmation(
        matter_id=matter.id,
        answered=word.answered,
        solved=word.solved,
        satisfaction=word.satisfaction,
        text=word.text,
        at=step.at,
        by=step.by,
    )
