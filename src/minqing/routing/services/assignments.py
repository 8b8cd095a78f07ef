"""By which rule a matter came to its unit: written down with each assignment."""

from __future__ import annotations

from typing import Any, Final

from minqing.matters.enums import Move
from minqing.matters.hooks import Assignment
from minqing.matters.queries.refusals import sent_back
from minqing.org.queries import units_over
from minqing.routing.engine import because
from minqing.routing.enums import Source
from minqing.routing.models import Routing
from minqing.routing.queries.advice import MatterInput, read_lookups, settled, unit_by_rules
from minqing.routing.wording import Names

# what comes to its unit by somebody's word and no suggestion's
BY_WORD: Final = {Move.DECIDE: Source.DECIDED, Move.TRANSFER: Source.PASSED}


def note_assignment(done: Assignment) -> None:
    """Written in the transaction of the assignment, whose event stands for it."""
    if done.move in BY_WORD:
        note_passing(done, BY_WORD[done.move])
    else:
        note_routing(done)


def note_routing(done: Assignment) -> Routing:
    """Write what the live rules say of a matter that was just assigned, beside the unit that was chosen.

    The rules are asked anew here, with the category as it was settled in the same form: what a page has shown is no
    proof. In a request two statements, units near and the row.
    """
    matter = done.matter
    given = MatterInput.of(matter, sent_back([matter]).get(matter.pk))
    lookups = read_lookups(units=units_over(given.path))
    category = settled(given, lookups)
    found = unit_by_rules(given, category, lookups)
    by = found.routed.by if found.source is Source.RULE else None
    why: dict[str, object] = because(by.when, found.facts) if by else {}
    if found.source is Source.CATEGORY and category:
        why = {"category": category.code}
    return Routing.objects.create(
        matter=matter,
        step_id=done.step,
        area_id=matter.area_id,
        route_id=by.id if by else None,
        set_id=by.set_id if by else None,
        source=found.source.value,
        because=why | {"named": names_of(why, lookups.names)} if why else {},
        suggested_id=found.unit.id if found.unit else None,
        chosen_id=done.unit.id,
        at=done.at,
    )


def note_passing(done: Assignment, source: Source) -> Routing:
    """That it came to its unit by somebody's word and no suggestion's: what was recorded before is not true of it."""
    return Routing.objects.create(
        matter=done.matter,
        step_id=done.step,
        area_id=done.matter.area_id,
        source=source.value,
        because={"named": {"former": done.former, "by": done.by}},
        chosen_id=done.unit.id,
        at=done.at,
    )


def names_of(why: dict[str, Any], names: Names) -> dict[str, object]:
    """What the codes were called on that day, so that telling it later asks for nothing more."""
    found: dict[str, object] = {}
    if why.get("category"):
        found["category"] = names.categories.get(why["category"], why["category"])
    if why.get("area"):
        found["area"] = names.areas.get(why["area"], "")
    if why.get("answers"):
        found["questions"] = {one[0]: names.questions.get(one[0], one[0]) for one in why["answers"]}
    return found
