"""What another system is told of one matter, of a row of the list, and of what it may do with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.deadlines import Reckoning, explain
from minqing.journal.moves import version_of
from minqing.matters import queries, rules
from minqing.matters.enums import Mechanism, Move, Party, State
from minqing.matters.hooks import why_here
from minqing.matters.lifecycle import MATTER
from minqing.matters.models import Category, Matter
from minqing.matters.models.naming import state_word
from minqing.matters.queries.dossier import ClockRow, Dossier, PartRow, StepRow, WordRow
from minqing.matters.queries.objects import has_object
from minqing.matters.rules import Situation
from minqing.matters.schemas.exposure import FIELDS, LISTED, OWN_NUMBER, facts, own_number
from minqing.matters.schemas.moves import MOVES
from minqing.matters.unusable import Unusable
from minqing.worktime.calendar import WorkCalendar


class Codes(NamedTuple):
    """Of areas and units by our ids, which nobody outside is told."""

    areas: Mapping[int, str]
    units: Mapping[int, str]


Fact = dict[str, Any]


def speaking(actor: Actor, *, own: bool) -> Actor:
    """The caller as the one who brings the reporter's word: only of a matter that it reported itself."""
    return replace(actor, roles=frozenset({Party.REPORTER.value})) if own else actor


def handles(actor: Actor, situation: Situation) -> bool:
    return bool(rules.parties(actor, situation) & {Party.UNIT, Party.SUPPORT})


def may(move: Move, actor: Actor, situation: Situation, dossier: Dossier) -> Decision:
    """As the pages offer it: by state and right, and where there is something to make the move with."""
    return rules.may(move, actor, situation) and has_object(move, actor, dossier)


def abilities(actor: Actor, situation: Situation, dossier: Dossier) -> dict[str, Fact]:
    """Each move of the API: whether it is open to the actor now and, if not, why."""
    decided = {move: may(move, actor, situation, dossier) for move in MOVES}
    return {
        move.value: {"allowed": one.allowed, "code": one.code, "reason": str(one.reason)}
        for move, one in decided.items()
    }


def allowed(actor: Actor, situation: Situation, dossier: Dossier) -> list[str]:
    """The names of the moves that are open."""
    possible = [move for move in MOVES if MATTER.target(situation.state, move) is not None]
    return [move.value for move in possible if may(move, actor, situation, dossier)]


def coded(told: Fact, codes: Codes) -> Fact:
    """The same with area and unit by their codes; a matter that waits for a unit is with none, also if one had it."""
    unit = None if told["state"] == State.RECEIVED else codes.units.get(told["unit"])
    return told | {"area": codes.areas.get(told["area"]), "unit": unit, "outcome": told["outcome"] or None}


def row_told(row: Fact, actor: Actor, codes: Codes, dossier: Dossier) -> Fact:
    """A row of the list, read with ``exposure.COLUMNS``; of its dossier ``objects.TABLES`` are enough."""
    situation = situation_of(row)
    known = row["own"] or handles(actor, situation)
    return coded(facts(LISTED, row.__getitem__, known=known), codes) | {
        "light": row["light"],
        "handler": told_handler(dossier, actor, situation),
        "state_label": state_word(row["state"]),
        "version": version_of(row["changed_at"]),
        "own": row["own"],
        OWN_NUMBER: own_number(row["outside_number"], own=row["own"]),
        "can": allowed(speaking(actor, own=row["own"]), situation, dossier),
    }


def situation_of(row: Fact) -> Situation:
    return Situation(
        state=State(row["state"]),
        area_id=row["area_id"],
        unit_id=row["lead_unit_id"],
        supporting=frozenset(row["supporting"]),
        mechanism=Mechanism(row["mechanism"]),
        contested=row["contested"],
        bound=row["bound"],
    )


def matter_told(
    matter: Any, dossier: Dossier, actor: Actor, *, codes: Codes, calendar: WorkCalendar, now: datetime
) -> Fact:
    """One matter with all that hangs on it. Who only sees it is told no words, no names and no pictures."""
    situation = matter.situation
    handling = handles(actor, situation)
    known = handling or matter.own
    deadlines = queries.deadlines_of(dossier, calendar, now)
    told = coded(facts(FIELDS, partial(getattr, matter), known=known), codes) | {
        "light": queries.light_of(matter, now, limit=queries.soon(now, calendar=calendar)).value,
        "own": matter.own,
        "handler": told_handler(dossier, actor, situation),
        "state_label": state_word(matter.state),
        "version": version_of(matter.changed_at),
        OWN_NUMBER: own_number(matter.outside_number, own=matter.own),
        "supporting": sorted(codes.units[one] for one in matter.supporting if one in codes.units),
        "cause": matter.cause_id,
        "clocks": [clock_told(row, reckoning, codes) for row, reckoning in deadlines],
        "merged": [
            {"id": one.id, "number": one.number, "state": one.state, "state_label": state_word(one.state)}
            for one in dossier.merged
        ],
        "pictures": pictures_told(dossier, known=known, handling=handling),
        "why_here": [one for said in why_here(matter, dossier) for one in said] if handling else [],
        "can": abilities(speaking(actor, own=matter.own), situation, dossier),
    }
    steps = [row for row in dossier.steps if row.public or handling]
    return told | {
        "steps": [step_told(row, codes, known=known, handling=handling) for row in steps],
        "words": [word_told(row, known=known) for row in dossier.words],
        "parts": [part_told(row, codes, handling=handling) for row in dossier.parts],
        **orders_told(dossier, handling=handling),
    }


def pictures_told(dossier: Dossier, *, known: bool, handling: bool) -> list[Fact]:
    """Those of the report and of steps; the reporter is told none of a step that it may not read."""
    inside = set() if handling else {row.id for row in dossier.steps if not row.public}
    shown = [one for one in dossier.pictures if known and one.step_id not in inside]
    return [{"id": one.attachment_id, "step": one.step_id} for one in shown]


def told_handler(dossier: Dossier, actor: Actor, situation: Situation) -> str | None:
    """The name of who in the unit has it, to those who handle it; of what waits for a unit nobody has it."""
    has_unit = situation.state is not State.RECEIVED
    return (dossier.handler or None) if has_unit and handles(actor, situation) else None


def hidden_unless(may: bool) -> Callable[[object], object]:
    return lambda value: value if may else None


def step_told(row: StepRow, codes: Codes, *, known: bool, handling: bool) -> Fact:
    words, inside = hidden_unless(known), hidden_unless(handling)
    return {
        "id": row.id,
        "move": row.move,
        "state": row.state,
        "at": row.at,
        "unit": code_of(codes, row.unit_id),
        "public": row.public,
        "by_name": inside(row.by_name),
        "text": words(row.text),
        "aside": inside(row.aside),
    }


def word_told(row: WordRow, *, known: bool) -> Fact:
    return {
        "answered": row.answered,
        "solved": row.solved,
        "satisfaction": row.satisfaction,
        "declined": row.declined,
        "source": row.source,
        "at": row.at,
        "text": hidden_unless(known)(row.text),
    }


def part_told(row: PartRow, codes: Codes, *, handling: bool) -> Fact:
    inside = hidden_unless(handling)
    return {
        "id": row.id,
        "unit": code_of(codes, row.unit_id),
        "handler": inside(row.handler),
        "state": row.state,
        "asked_at": row.asked_at,
        "replied_at": row.replied_at,
        "outcome": row.outcome or None,
        "outcome_note": inside(row.outcome_note),
        "refusals": row.refusals,
        "bound": row.bound,
        "task": inside(row.task),
        "reply": inside(row.reply),
    }


def clock_told(row: ClockRow, reckoning: Reckoning, codes: Codes) -> Fact:
    return {
        "kind": row.kind,
        "unit": code_of(codes, row.unit_id),
        "part": row.part_id,
        "started_at": row.started_at,
        "due_at": reckoning.due_at,
        "forecast_at": reckoning.forecast_at,
        "paused": reckoning.paused,
        "overdue": reckoning.overdue,
        "provisional": reckoning.provisional,
        "stopped_at": row.stopped_at,
        "why": [str(sentence) for sentence in explain(reckoning)],
    }


def orders_told(dossier: Dossier, *, handling: bool) -> Fact:
    """The order under which it stands, and the request for more time that is still open."""
    inside = hidden_unless(handling)
    order, asked = dossier.supervision, dossier.asked
    return {
        "supervision": order and {"ordered_at": order.ordered_at, "rhythm": order.rhythm, "order": inside(order.order)},
        "extension": asked and {"more": asked.more, "asked_at": asked.asked_at, "reason": inside(asked.reason)},
    }


def moved_told(matter: Matter, actor: Actor, *, own: bool, unusable: Iterable[Unusable] = ()) -> Fact:
    """What a move answers. A matter that was given away may be out of sight now."""
    situation, speaker = matter.situation, speaking(actor, own=own)
    seen = rules.sees(actor, situation)
    return {
        "id": matter.pk,
        "number": matter.number,
        "state": matter.state,
        "state_label": state_word(matter.state),
        "changed_at": matter.changed_at,
        "version": version_of(matter.changed_at),
        "can": abilities(speaker, situation, queries.dossier_of(matter.pk)) if seen else {},
        "unusable": [one.told() for one in unusable],
    }


def code_of(codes: Codes, unit_id: int | None) -> str | None:
    return None if unit_id is None else codes.units.get(unit_id)


def tree_of(categories: Iterable[Category]) -> list[Fact]:
    """Categories with those below them."""
    nodes: dict[str, Fact] = {}
    tops: list[Fact] = []
    for one in categories:
        nodes[one.code] = node = category_told(one)
        above = nodes.get(one.parent_id or "")
        (above["children"] if above else tops).append(node)
    return tops


def category_told(one: Category) -> Fact:
    return {
        "code": one.code,
        "name": one.name,
        "working_days": one.working_days,
        "questions": [question_told(question) for question in one.questions],
        "children": [],
    }


def question_told(question: Mapping[str, Any]) -> Fact:
    return {
        "code": question["code"],
        "kind": question["kind"],
        "text": question["text"],
        "required": bool(question.get("required")),
        "variable": question.get("variable", True),
        "hint": question.get("hint", ""),
        "values": [{"key": value["key"], "name": value["name"]} for value in question.get("values", [])],
    }
