"""Why a matter came to its unit."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from minqing.matters.models import Matter
from minqing.matters.outcomes import Source
from minqing.matters.queries.dossier import RoutingRow
from minqing.matters.queries.routes import routing_of
from minqing.matters.routing_words import Names, fallback, reason


def why_here(matter: Matter) -> list[str]:
    """Sentences on how the matter came to the unit that it was last assigned to, in one query; empty before that."""
    found = routing_of(matter)
    if found is None:
        return []
    return told(
        RoutingRow(
            id=found.pk,
            source=found.source,
            because=found.because,
            suggested_id=found.suggested_id,
            chosen_id=found.chosen_id,
            route=found.route.name if found.route else None,
            number=found.set.number if found.set else None,
            suggested=found.suggested.name if found.suggested else None,
            chosen=found.chosen.name,
        )
    )


def of_unit(routings: Sequence[RoutingRow], unit_id: int | None, *, waits: bool) -> list[str]:
    """Of what was recorded (the newest first) how the matter came to ``unit_id``, which has it now; else nothing.

    One that ``waits`` to be assigned again is with no unit: what once brought it to one is not true of it.
    """
    newest = routings[0] if routings and not waits else None
    return told(newest) if newest and newest.chosen_id == unit_id else []


def told(routing: RoutingRow) -> list[str]:
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
        sentences = [reason(routing.route, routing.number, why, names)]
    else:
        sentences = fallback(routing.source, [why["category"]] if "category" in why else [], absent=False, names=names)
    if routing.suggested_id and routing.suggested_id != routing.chosen_id:
        # the reasons spoke for the other unit: below the one that has it they would be untrue
        spoke = {
            "suggested": routing.suggested or "",
            "why": " ".join(sentences).rstrip(".。"),
            "chosen": routing.chosen,
        }
        return [_("Suggested was %(suggested)s (%(why)s); the clerk chose %(chosen)s.") % spoke]
    return sentences
