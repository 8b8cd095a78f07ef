"""Why a matter came to its unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from minqing.matters.enums import State
from minqing.matters.protocols import MatterLike
from minqing.matters.queries.dossier import Dossier, Table, column_of, unit_name
from minqing.routing.enums import Source
from minqing.routing.wording import Names, fallback, reason

ROUTINGS: Final = "routings"


@dataclass(frozen=True, slots=True)
class RoutingRow:
    """How a matter came to a unit: the rule, its set's number, and the unit that was suggested."""

    id: UUID
    source: str
    because: dict[str, Any]
    suggested_id: int | None
    chosen_id: int
    route: str | None = column_of("routing_route", "name", "route_id")
    number: int | None = column_of("routing_routeset", "number", "set_id")
    suggested: str | None = unit_name("suggested_id")
    chosen: str = unit_name("chosen_id")


def in_dossier() -> Mapping[str, Table]:
    """The newest first."""
    return {ROUTINGS: Table(RoutingRow, "routing_routing", order="at DESC, id DESC")}


def why_here(matter: MatterLike, dossier: Dossier) -> list[str]:
    """Sentences on how the matter came to the unit that has it now, if that is what was recorded last.

    One that waits to be assigned again is with no unit: what once brought it to one is not true of it.
    """
    newest = next(iter(dossier.further[ROUTINGS]), None)
    if newest is None or matter.state == State.RECEIVED or newest.chosen_id != matter.lead_unit_id:
        return []
    return sentences(newest)


def sentences(routing: RoutingRow) -> list[str]:
    """The sentences of one assignment."""
    named = routing.because.get("named", {})
    names = Names(
        categories={routing.because.get("category", ""): named.get("category", "")},
        areas={routing.because.get("area", 0): named.get("area", "")},
        questions=named.get("questions", {}),
    )
    if routing.source == Source.PASSED:
        passed = {"unit": named.get("former") or "–", "person": named.get("by") or "–"}
        return [_("Passed on from %(unit)s by %(person)s.") % passed]
    if routing.source == Source.DECIDED:
        return [_("It was decided on the spot who handles it.")]
    why = {key: value for key, value in routing.because.items() if key != "named"}
    if routing.source == Source.RULE and routing.route and routing.number:
        said = [reason(routing.route, routing.number, why, names)]
    else:
        said = fallback(routing.source, [why["category"]] if "category" in why else [], absent=False, names=names)
    if routing.suggested_id and routing.suggested_id != routing.chosen_id:
        # the reasons spoke for the other unit: below the one that has it they would be untrue
        spoke = {
            "suggested": routing.suggested or "",
            "why": " ".join(said).rstrip(".。"),
            "chosen": routing.chosen,
        }
        return [_("Suggested was %(suggested)s (%(why)s); the clerk chose %(chosen)s.") % spoke]
    return said
