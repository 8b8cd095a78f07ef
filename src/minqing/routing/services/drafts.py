"""A clerk changes the routing rules: a draft, its rules and its test cases. What is live is never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, NotFound, StoredValue
from minqing.core.formats import check_length
from minqing.core.ids import new_id
from minqing.core.retry import one_at_a_time
from minqing.journal.idempotency import sent_once
from minqing.journal.services import Json, record
from minqing.matters.enums import Channel, Mechanism
from minqing.matters.queries.visibility import categories
from minqing.matters.questions import check_answers
from minqing.matters.services.categories import category_in_use
from minqing.matters.services.steps import required
from minqing.matters.words import clean_text
from minqing.org.queries import areas_within, units_at_work, usable_unit
from minqing.routing.engine import Condition, Rule
from minqing.routing.enums import RouteState
from minqing.routing.models import Route, RouteCase, RouteSet
from minqing.routing.queries.routes import engine_rules, routes_of, visible_sets
from minqing.routing.rules import may_keep_routes
from minqing.routing.serializers import LONGEST_NAME, LONGEST_UNIT, condition_to_json
from minqing.routing.validation import World, hidden_by, opening_of, wrong_with
from minqing.worktime.hours import USUAL, Hours

MOST_RULES, MOST_CASES = 500, 500


@sent_once()
def draft_routes(*, id: UUID, area: object, by: Actor, note: str = "", at: datetime | None = None) -> RouteSet:
    """A draft of the area's rules, with the rules and cases of the live version if there is one.

    Idempotent on ``id``. Raises Conflict where the area has a draft already: it is worked on together.
    """
    return new_draft(id=id, area=area, by=by, note=note, at=at)


def new_draft(*, id: UUID, area: Any, by: Actor, note: str = "", at: datetime | None = None) -> RouteSet:
    may_keep_routes(by, area_id=area.pk, level=area.level).require()
    # the versions of one area are made one after the other, the first one too
    versions_of(area.pk)
    there = list(RouteSet.objects.select_for_update().filter(area_id=area.pk).order_by("number"))
    if before := next((one for one in there if one.pk == id), None):
        return before
    if any(one.state == RouteState.DRAFT for one in there):
        raise Conflict("draft_there", _("There is a draft of these rules already. Go on with that one."))
    number = max((one.number for one in there), default=0) + 1
    made = RouteSet.objects.create(
        id=id,
        area_id=area.pk,
        number=number,
        note=check_length(clean_text(note), 200),
        made_by=by.ref,
        made_at=at or clock.now(),
    )
    if live := next((one for one in there if one.state == RouteState.LIVE), None):
        copy_into(made, live)
    note_change(made, "drafted", by=by, at=at)
    return made


def versions_of(area_id: int) -> None:
    """Comes before the lock of any set."""
    one_at_a_time(f"matters.routes:{area_id}")


def copy_into(draft: RouteSet, live: RouteSet) -> None:
    """Rules and cases of one set for another, under ids of their own."""
    rules, cases = list(live.routes.all()), list(live.cases.all())
    for rule in rules:
        rule.pk, rule.set = new_id(), draft
    for case in cases:
        case.pk, case.set = new_id(), draft
    Route.objects.bulk_create(rules)
    RouteCase.objects.bulk_create(cases)


def open_draft(routes: RouteSet, by: Actor) -> RouteSet:
    """The draft, locked, for one who may change it; raises Conflict for what is no draft any more."""
    locked = RouteSet.objects.select_for_update(of=("self",)).select_related("area").filter(pk=routes.pk).first()
    if locked is None:
        raise NotFound("routes")
    may_keep_routes(by, area_id=locked.area_id, level=locked.area.level).require()
    if locked.state != RouteState.DRAFT:
        raise Conflict("not_a_draft", _("Only a draft can be changed. Make a draft of these rules first."))
    return locked


def note_change(routes: RouteSet, what: str, *, by: Actor, at: datetime | None = None, **data: Json) -> None:
    """The one event of a change: ids and numbers alone."""
    told = facts_of(routes) | data
    record(type=f"matters.routes.{what}", subject=subject_of(routes), by=by, at=at or clock.now(), data=told)


def subject_of(routes: RouteSet) -> str:
    return f"routes:{routes.pk}"


def facts_of(routes: RouteSet) -> dict[str, Json]:
    """What each event of a set says of it."""
    return {"area": routes.area_id, "number": routes.number, "state": str(routes.state)}


def rule_before(id: UUID, by: Actor) -> Sequence[StoredValue]:
    row = Route.objects.filter(pk=id, set__in=visible_sets(by)).first()
    return [StoredValue(_("Name of the rule"), row.name)] if row else ()


@sent_once(rule_before)
def add_route(*, id: UUID, routes: RouteSet, by: Actor, **values: Any) -> Route:
    """A new rule of a draft, with the values of :func:`save_route`; never a change of one that is there."""
    may_keep_routes(by, area_id=routes.area_id, level=routes.area.level).require()
    before = Route.objects.filter(pk=id, set=routes).first()
    return before or save_route(id=id, routes=routes, by=by, **values)


@transaction.atomic
def save_route(
    *,
    id: UUID,
    routes: RouteSet,
    name: str,
    when: Condition,
    by: Actor,
    unit: int | None = None,
    unit_expression: str = "",
    mechanism: Mechanism | None = None,
    days: int | None = None,
    stop: bool = True,
    before: UUID | None = None,
) -> Route:
    """Add a rule to a draft, or change the one of that ``id``; it stands before the rule ``before``, else at the end.

    A changed rule without ``before`` keeps its place. Raises Invalid with the sentences of what is wrong: an unknown
    category, a contradiction, a unit that is not at work, an earlier rule that would always come first.
    """
    draft = open_draft(routes, by)
    rows = routes_of(draft)
    row = next((one for one in rows if one.pk == id), None)
    if row is None and Route.objects.filter(pk=id).exists():
        raise Conflict("request_used", _("This form was already used for another rule. Open it again."))
    found = usable_unit(unit) if unit is not None else None
    if unit is not None and found is None:
        raise Invalid("unit", _("This unit takes no matters. Choose another one."))
    if row is None:
        if len(rows) >= MOST_RULES:
            raise Invalid("too_many", _("A set has at most 500 rules."))
        row = Route(id=id, set=draft)
        rows.append(row)
    row.name = check_length(required(name, _("Give the rule a name.")), LONGEST_NAME)
    row.condition = condition_to_json(when)
    row.unit, row.unit_expression = found, "" if found else check_length(unit_expression.strip(), LONGEST_UNIT)
    row.mechanism = Mechanism(mechanism).value if mechanism else ""
    row.days, row.stop = days, stop
    row.mark = mark_of(row)
    if before is not None and before != row.pk:
        rows.remove(row)
        place = next((n for n, one in enumerate(rows) if one.pk == before), len(rows))
        rows.insert(place, row)
    refuse_wrong(rows, rows.index(row), world_of(draft, by))
    set_order(rows, saved=row)
    note_change(draft, "changed", by=by, rule=str(row.pk), rules=len(rows))
    return row


def mark_of(row: Route) -> str:
    """The same for the same condition and unit, whatever its name, place or version."""
    text = json.dumps([row.condition, row.unit_code], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def refuse_wrong(rows: list[Route], place: int, world: World) -> None:
    rules = engine_rules(rows)
    sentences = wrong_with(rules[place], world)
    if not sentences and (earlier := hidden_by(rules, world).get(place)) is not None:
        sentences = [hidden_sentence(rules[earlier])]
    if sentences:
        raise Invalid("route", joined(sentences))


def joined(sentences: list[object]) -> str:
    """Each once, as three answers to one question may be wrong in the same way."""
    return " ".join(dict.fromkeys(str(one) for one in sentences))


def hidden_sentence(earlier: Rule) -> str:
    told = _("It would never get its turn: the rule “%(name)s” above it takes every such matter. Put it before that.")
    return str(told) % {"name": earlier.name}


def set_order(rows: list[Route], *, saved: Route | None = None) -> None:
    """Number the rules as they stand in the list; save those that changed."""
    moved = []
    for order, row in enumerate(rows, 1):
        if row is saved:
            row.order = order
            row.save()
        elif row.order != order:
            row.order = order
            moved.append(row)
    Route.objects.bulk_update(moved, ["order"])


@transaction.atomic
def move_route(*, route: Route, up: bool, by: Actor) -> None:
    """One place up or down; at the end it stays. What then never gets its turn is told on the page."""
    draft = open_draft(route.set, by)
    rows = routes_of(draft)
    place = next((n for n, one in enumerate(rows) if one.pk == route.pk), None)
    if place is None:
        raise NotFound("route")
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
        set_order(rows)
        note_change(draft, "changed", by=by, rule=str(route.pk), rules=len(rows))


@transaction.atomic
def drop_route(*, route: Route, by: Actor) -> None:
    """Take a rule out of a draft; once it is out nothing happens."""
    draft = open_draft(route.set, by)
    gone, _rows = Route.objects.filter(pk=route.pk, set=draft).delete()
    if not gone:
        return
    rows = routes_of(draft)
    set_order(rows)
    note_change(draft, "changed", by=by, rule=str(route.pk), rules=len(rows))


def case_before(id: UUID, by: Actor) -> Sequence[StoredValue]:
    row = RouteCase.objects.filter(pk=id, set__in=visible_sets(by)).first()
    return [StoredValue(_("What is the matter?"), row.title), StoredValue(_("Text"), row.text)] if row else ()


@sent_once(case_before, besides={"at"})
def add_case(*, id: UUID, routes: RouteSet, by: Actor, **values: Any) -> RouteCase:
    """A new test case of a draft, with the values of :func:`save_case`; never a change of one that is there."""
    may_keep_routes(by, area_id=routes.area_id, level=routes.area.level).require()
    before = RouteCase.objects.filter(pk=id, set=routes).first()
    return before or save_case(id=id, routes=routes, by=by, **values)


@transaction.atomic
def save_case(
    *,
    id: UUID,
    routes: RouteSet,
    title: str,
    place: int,
    unit: int,
    by: Actor,
    text: str = "",
    category: str = "",
    channel: Channel = Channel.COUNTER,
    answers: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> RouteCase:
    """Add a test case to a draft, or change the one of that ``id``: this matter, in that place, goes to that unit."""
    draft = open_draft(routes, by)
    if RouteCase.objects.filter(pk=id).exclude(set=draft).exists():
        raise Conflict("request_used", _("This form was already used for another rule. Open it again."))
    found = usable_unit(unit)
    if found is None:
        raise Invalid("unit", _("This unit takes no matters. Choose another one."))
    where = areas_within(by).filter(pk=place, path__startswith=draft.area.path).first()
    if where is None:
        raise Invalid("place", _("Choose a place inside the area of these rules."))
    kind = category_in_use(category) if category else None
    if draft.cases.exclude(pk=id).count() >= MOST_CASES:
        raise Invalid("too_many", _("A set has at most 500 test cases."))
    values = {
        "set": draft,
        "area_id": draft.area_id,
        "title": check_length(required(title, _("Say in a few words what it is about.")), 200),
        "text": check_length(clean_text(text), 2000),
        "category": kind,
        "place_id": where.pk,
        "at": at or clock.now(),
        "channel": Channel(channel).value,
        "answers": check_answers(kind.questions, answers or {}) if kind else {},
        "unit": found,
    }
    case, _made = RouteCase.objects.update_or_create(id=id, defaults=values)
    note_change(draft, "changed", by=by, case=str(case.pk))
    return case


@transaction.atomic
def drop_case(*, case: RouteCase, by: Actor) -> None:
    """Take a test case out of a draft; once it is out nothing happens."""
    draft = open_draft(case.set, by)
    gone, _rows = RouteCase.objects.filter(pk=case.pk, set=draft).delete()
    if gone:
        note_change(draft, "changed", by=by, case=str(case.pk))


@transaction.atomic
def discard_draft(*, routes: RouteSet, by: Actor) -> None:
    """Throw a draft away with its cases and trials; what is live stays. Its number is not kept."""
    draft = open_draft(routes, by)
    note_change(draft, "discarded", by=by)
    draft.delete()


def world_of(routes: RouteSet, by: Actor) -> World:
    """What the rules of a set may speak of, as ``by`` sees it."""
    rows = categories()
    return World(
        parents={row.code: row.parent_id for row in rows},
        questions={row.code: row.questions for row in rows},
        paths=dict(areas_within(by).values_list("id", "path")),
        units=frozenset(unit.code for unit in units_at_work()),
        inside=routes.area.path,
        offices=tuple({opening_of(Hours.parse(unit.hours) if unit.hours else USUAL) for unit in units_at_work()}),
    )


def problems(routes: RouteSet, by: Actor) -> dict[UUID, list[str]]:
    """What is wrong by rule: categories and units change, and a moved rule may take another's turn."""
    rules = engine_rules(routes_of(routes))
    world = world_of(routes, by)
    found = {rule.id: [str(one) for one in wrong_with(rule, world)] for rule in rules}
    for later, earlier in hidden_by(rules, world).items():
        found[rules[later].id].append(hidden_sentence(rules[earlier]))
    return {key: told for key, told in found.items() if told}


def digest_of_rules(routes: RouteSet) -> str:
    """The same for two drafts that send every matter the same way by the same rules in the same order."""
    rows = [[row.condition, row.unit_code, row.mechanism, row.days, row.stop] for row in routes_of(routes)]
    return hashlib.sha256(json.dumps(rows, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
