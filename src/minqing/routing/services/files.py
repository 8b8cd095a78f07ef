"""A set of rules as a file, and a file as a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.clock import SHANGHAI
from minqing.core.errors import Conflict, Invalid
from minqing.core.ids import new_id
from minqing.matters.enums import Channel, Mechanism
from minqing.org.queries import area_by_code, area_codes, unit_by_code
from minqing.routing.enums import RouteState
from minqing.routing.models import Route, RouteCase, RouteSet
from minqing.routing.queries.routes import cases_of, routes_of
from minqing.routing.serializers import case_from_file, dump, parse, rule_from_file, rule_to_file
from minqing.routing.services.drafts import discard_draft, new_draft, save_case, save_route, versions_of


def export_routes(routes: RouteSet) -> str:
    """The set as YAML with the codes of areas and units; loading it elsewhere makes the same rules."""
    rows, cases = routes_of(routes), cases_of(routes)
    codes = area_codes({area for row in rows for area in row.condition.get("areas", [])})
    rules = [rule_to_file(row, codes.__getitem__) for row in rows]
    return dump(routes.area.code, routes.number, rules, [case_to_file(case) for case in cases])


def case_to_file(case: RouteCase) -> dict[str, object]:
    made = {
        "title": case.title,
        "text": case.text,
        "category": case.category_id or "",
        "place": case.place.code,
        "at": case.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        "channel": case.channel,
        "answers": case.answers,
        "unit": case.unit.code,
    }
    return {key: value for key, value in made.items() if value}


@transaction.atomic
def load_routes(*, id: UUID, text: str, by: Actor, replace: bool = False) -> RouteSet:
    """Make a draft of what stands in a file, for the area that it names; nothing goes live.

    With ``replace`` a draft that is there is thrown away first. Raises Invalid for what the file says wrongly: all
    or nothing is loaded.
    """
    data = parse(text)
    area = area_by_code(data["area"])
    if area is None:
        raise Invalid("route_file", format_lazy(_("There is no area with the code “{code}”."), code=data["area"]))
    versions_of(area.pk)
    if there := RouteSet.objects.filter(area=area, state=RouteState.DRAFT.value).first():
        if not replace:
            raise Conflict("draft_there", _("There is a draft of these rules already. Go on with that one."))
        discard_draft(routes=there, by=by)
    draft = new_draft(id=id, area=area, by=by)
    Route.objects.filter(set=draft).delete()
    RouteCase.objects.filter(set=draft).delete()
    for place, rule in enumerate(data["rules"], 1):
        load_rule(draft, rule, place, by)
    for case in data["cases"]:
        load_case(draft, case, by)
    return draft


def load_rule(draft: RouteSet, data: Mapping[str, Any], place: int, by: Actor) -> None:
    values = rule_from_file(data, area_id)
    unit = unit_by_code(values["unit"]) if values["unit"] and ":" not in values["unit"] else None
    try:
        save_route(
            id=new_id(),
            routes=draft,
            name=values["name"],
            when=values["when"],
            unit=unit.id if unit else None,
            unit_expression="" if unit else values["unit"],
            mechanism=Mechanism(values["mechanism"]) if values["mechanism"] else None,
            days=values["days"],
            stop=values["stop"],
            by=by,
        )
    except Invalid as error:
        told = format_lazy(_("Rule {place}: {problem}"), place=place, problem=error.sentence)
        raise Invalid("route_file", told) from None


def load_case(draft: RouteSet, data: Mapping[str, Any], by: Actor) -> None:
    values = case_from_file(data)
    unit = unit_by_code(values["unit"])
    if unit is None:
        raise Invalid("route_file", format_lazy(_("There is no unit with the code “{code}”."), code=values["unit"]))
    save_case(
        id=new_id(),
        routes=draft,
        title=values["title"],
        text=values["text"],
        category=values["category"],
        place=area_id(values["place"]),
        at=values["at"].replace(tzinfo=values["at"].tzinfo or SHANGHAI),
        channel=Channel(values["channel"] or Channel.COUNTER),
        answers=values["answers"],
        unit=unit.id,
        by=by,
    )


def area_id(code: str) -> int:
    found = area_by_code(code)
    if found is None:
        raise Invalid("route_file", format_lazy(_("There is no area with the code “{code}”."), code=code))
    return found.id
