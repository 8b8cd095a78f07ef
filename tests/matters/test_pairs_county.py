"""Two at what the county has once: its norms, rules, canned replies, days, the lot."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.deadlines import Target
from minqing.deadlines import services as deadlines
from minqing.deadlines.enums import Rung
from minqing.deadlines.models import LadderStep, PauseRule
from minqing.deadlines.queries import ladder
from minqing.files.models import Attachment
from minqing.matters import services
from minqing.matters.enums import ClockKind, PauseReason
from minqing.matters.models import CallBack, Phrase, Reporter, Step
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.services.days import count_stale_days, wrong_days
from minqing.org.enums import Level, Role
from minqing.privacy.access import acting_as
from minqing.routing import services as routing
from minqing.routing.engine import Condition
from minqing.routing.models import Route, RouteCase, RouteReplay, RouteSet
from tests.cast import area, person
from tests.matters.lives import Life
from tests.pairs import Pair, Refusal, Scenes, Stage, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()
TEXTS = {"title": "村口路灯修好了", "question": "一处路灯不亮。", "answer": "换了新灯。"}
ROAD = Condition(categories=frozenset({"transport"}))


def one_done(*ends: Any) -> None:
    assert sum(isinstance(end, Refusal) for end in ends) == 1, ends


# what the operator sets


@SCENES.of(deadlines.set_ladder)
def two_ladders(stage: Stage) -> Pair:
    def steps(hours: int) -> dict[Rung, Any]:
        return {Rung(step.rung): step.after for step in ladder(CLOCKS)} | {Rung.HEAD: Target(hours=hours)}

    with transaction.atomic():
        mine, theirs = steps(2), steps(3)

    def look(*_ends: Any) -> None:
        assert LadderStep.objects.get(rung=Rung.HEAD.value).after in {
            one[Rung.HEAD].as_json() for one in (mine, theirs)
        }

    return Pair(*[stage.call("operator", deadlines.set_ladder, book=CLOCKS, steps=one) for one in (mine, theirs)], look)


@SCENES.of(deadlines.set_pause_rule)
def the_last_two_reasons_to_wait_are_taken_off_the_list(stage: Stage) -> Pair:
    first, second, *others = list(PauseReason)

    def rule(reason: PauseReason, *, offered: bool) -> Callable[[], Any]:
        values = {"book": CLOCKS, "reason": reason, "stops": {ClockKind.FINISH}, "longest": 20, "offered": offered}
        return stage.call("operator", deadlines.set_pause_rule, **values)

    for reason in (first, second):
        rule(reason, offered=True)()
    for reason in others:
        rule(reason, offered=False)()

    def look(*ends: Any) -> None:
        one_done(*ends)
        assert PauseRule.objects.filter(offered=True).count() == 1

    return Pair(rule(first, offered=False), rule(second, offered=False), look)


# canned replies, kept lists


@SCENES.of(services.save_phrase, services.drop_phrase, services.add_phrase)
def a_reply_changed_and_thrown_away(stage: Stage) -> Pair:
    values = {"id": new_id(), "title": "问候", "unit": stage.cast.bureau.pk}
    row = stage.done("handler", services.add_phrase, text="您好", **values)

    def look(*ends: Any) -> None:
        # thrown away last, or written anew after that under its own id: never half of both
        assert Phrase.objects.filter(pk=row.pk).count() in {0, 1}
        assert not any(isinstance(end, Refusal) for end in ends)

    return Pair(
        stage.call("handler", services.save_phrase, text="您好呀", **values),
        stage.call("handler", services.drop_phrase, phrase=row),
        look,
    )


# days and the lot


@SCENES.of(count_stale_days)
def stale_days_counted_by_two_jobs(stage: Stage) -> Pair:
    with transaction.atomic():
        Life(stage.cast).report(when=clock.now())
    by = stage.actor("system")

    def look(*_ends: Any) -> None:
        assert wrong_days(by=by) == []

    return Pair(*[lambda: count_stale_days(by=by)] * 2, look)


@SCENES.of(services.draw_call_backs)
def the_lot_is_drawn_by_two(stage: Stage) -> Pair:
    with transaction.atomic():
        life = Life(stage.cast)
        for _n in range(3):
            life.finished(when=clock.now())
    by = stage.actor("system")

    def look(*_ends: Any) -> None:
        assert CallBack.objects.count() == CallBack.objects.values("matter").distinct().count()

    return Pair(*[lambda: services.draw_call_backs(by=by)] * 2, look)


# rules


def place(stage: Stage) -> Any:
    """A township without rules, and a clerk who keeps them."""
    cast, key = stage.cast, new_id().hex[-8:]
    with transaction.atomic():
        made = area(f"T{key}", f"镇{key}", Level.TOWNSHIP, cast.city)
        person(cast, key, Role.CLERK, cast.office, made, "规则员")
        cast.people["rules_clerk"] = cast.people[key]
    return made


def drafted(stage: Stage) -> RouteSet:
    found: RouteSet = stage.done("rules_clerk", routing.draft_routes, id=new_id(), area=place(stage))
    return found


def rule(stage: Stage, routes: RouteSet, **values: Any) -> Route:
    given = {"id": new_id(), "name": "道路", "when": ROAD, "unit": stage.cast.bureau.pk, "stop": False}
    found: Route = stage.done("rules_clerk", routing.save_route, routes=routes, **given | values)
    return found


def order(routes: RouteSet) -> list[int]:
    return list(Route.objects.filter(set=routes).order_by("order").values_list("order", flat=True))


@SCENES.of(routing.draft_routes)
def the_first_draft_of_a_place_made_by_two(stage: Stage) -> Pair:
    where = place(stage)
    calls = [stage.call("rules_clerk", routing.draft_routes, id=new_id(), area=where) for _n in range(2)]

    def look(*ends: Any) -> None:
        one_done(*ends)
        assert RouteSet.objects.filter(area=where).count() == 1

    return Pair(*calls, look)


@SCENES.of(routing.save_route, routing.add_route)
def two_rules_added(stage: Stage) -> Pair:
    routes = drafted(stage)
    calls = [
        stage.call("rules_clerk", routing.add_route, id=new_id(), routes=routes, name=name, when=ROAD, stop=False,
                   unit=stage.cast.bureau.pk)
        for name in ("一", "二")
    ]  # fmt: skip

    def look(*ends: Any) -> None:
        assert order(routes) == [1, 2], ends

    return Pair(*calls, look)


@SCENES.of(routing.move_route)
def one_moved_up_and_the_other_down(stage: Stage) -> Pair:
    routes = drafted(stage)
    first = rule(stage, routes)
    rule(stage, routes, name="又")

    def look(*_ends: Any) -> None:
        assert order(routes) == [1, 2]
        # at the top it does not go up; from below it does
        assert Route.objects.get(pk=first.pk).order in {1, 2}

    return Pair(
        stage.call("rules_clerk", routing.move_route, route=first, up=False),
        stage.call("rules_clerk", routing.move_route, route=first, up=True),
        look,
        alike=True,
    )


@SCENES.of(routing.drop_route)
def one_rule_dropped_twice(stage: Stage) -> Pair:
    routes = drafted(stage)
    first, second = rule(stage, routes), rule(stage, routes, name="又")
    call = stage.call("rules_clerk", routing.drop_route, route=first)

    def look(*_ends: Any) -> None:
        assert list(Route.objects.filter(set=routes).values_list("pk", "order")) == [(second.pk, 1)]

    return Pair(call, call, look)


@SCENES.of(routing.add_case, routing.save_case, routing.drop_case)
def one_case_changed_and_dropped(stage: Stage) -> Pair:
    routes = drafted(stage)
    values = {"id": new_id(), "routes": routes, "place": routes.area_id, "unit": stage.cast.bureau.pk}
    case = stage.done("rules_clerk", routing.add_case, title="路灯", **values)

    def look(*ends: Any) -> None:
        assert RouteCase.objects.filter(set=routes).count() in {0, 1}, ends

    return Pair(
        stage.call("rules_clerk", routing.save_case, title="路灯不亮", **values),
        stage.call("rules_clerk", routing.drop_case, case=case),
        look,
        alike=True,
    )


@SCENES.of(routing.drop_case)
def one_case_dropped_twice(stage: Stage) -> Pair:
    routes = drafted(stage)
    values = {"id": new_id(), "routes": routes, "place": routes.area_id, "unit": stage.cast.bureau.pk}
    call = stage.call(
        "rules_clerk", routing.drop_case, case=stage.done("rules_clerk", routing.add_case, title="路灯", **values)
    )

    def look(*_ends: Any) -> None:
        assert not RouteCase.objects.filter(set=routes).exists()

    return Pair(call, call, look)


@SCENES.of(routing.discard_draft, routing.replay_routes)
def thrown_away_while_it_is_tried(stage: Stage) -> Pair:
    routes = drafted(stage)
    rule(stage, routes)

    def look(*_ends: Any) -> None:
        assert not RouteSet.objects.filter(pk=routes.pk).exists()
        assert not RouteReplay.objects.filter(set=routes.pk).exists()

    return Pair(
        stage.call("rules_clerk", routing.replay_routes, id=new_id(), routes=routes),
        stage.call("rules_clerk", routing.discard_draft, routes=routes),
        look,
    )


def ready(stage: Stage) -> RouteSet:
    routes = drafted(stage)
    rule(stage, routes)
    stage.done("rules_clerk", routing.replay_routes, id=new_id(), routes=routes)
    return routes


@SCENES.of(routing.go_live)
def into_force_while_a_rule_is_changed(stage: Stage) -> Pair:
    routes = ready(stage)

    def look(went: Any, changed: Any) -> None:
        # what is in force is what was tried
        one_done(went, changed)

    return Pair(
        stage.call("rules_clerk", routing.go_live, routes=routes),
        stage.call("rules_clerk", routing.save_route, id=new_id(), routes=routes, name="又", when=ROAD, stop=False,
                   unit=stage.cast.office.pk),
        look,
    )  # fmt: skip


@SCENES.of(routing.retire_routes, routing.roll_back_routes)
def out_of_force_while_the_former_comes_back(stage: Stage) -> Pair:
    first = ready(stage)
    stage.done("rules_clerk", routing.go_live, routes=first)
    second = stage.done("rules_clerk", routing.draft_routes, id=new_id(), area=first.area)
    rule(stage, second, name="又", days=3)
    stage.done("rules_clerk", routing.replay_routes, id=new_id(), routes=second)
    stage.done("rules_clerk", routing.go_live, routes=second)

    def look(*ends: Any) -> None:
        assert RouteSet.objects.filter(area=first.area, state="live").count() <= 1, ends

    return Pair(
        stage.call("rules_clerk", routing.retire_routes, routes=second),
        stage.call("rules_clerk", routing.roll_back_routes, routes=first),
        look,
    )


@SCENES.of(routing.load_routes)
def one_file_loaded_by_two(stage: Stage) -> Pair:
    routes = drafted(stage)
    rule(stage, routes)
    with transaction.atomic(), acting_as(stage.cast.actor("rules_clerk")):
        text = routing.export_routes(routes)
    calls = [stage.call("rules_clerk", routing.load_routes, id=new_id(), text=text, replace=True) for _n in range(2)]

    def look(*ends: Any) -> None:
        assert RouteSet.objects.filter(area=routes.area_id, state="draft").count() == 1, ends

    return Pair(*calls, look, alike=True)


# what other systems bring


@SCENES.of(services.report_again)
def the_same_told_again_by_two(stage: Stage) -> Pair:
    with transaction.atomic():
        one = stage.cast.matter()
    calls = [
        stage.call("clerk", services.report_again, id=new_id(), matter=one, said={"text": "又坏了"},
                   reporter={"name": "何大妈", "phone": "13800138000", "contact": ""})
        for _n in range(2)
    ]  # fmt: skip

    def look(*ends: Any) -> None:
        assert Reporter.objects.filter(matter=one).count() == 1
        assert Step.objects.filter(matter=one).count() == 1, json.dumps([str(end) for end in ends])

    return Pair(*calls, look)


@SCENES.of(services.drop_unused_pictures)
def unused_pictures_are_dropped_by_two(stage: Stage) -> Pair:
    with transaction.atomic(), stage.cast.everything():
        Attachment.objects.create(
            id=new_id(), name="a.jpg", stored=new_id().hex, thumbnail=new_id().hex, sha256="0" * 64, size=1, width=1,
            height=1, sent_by=f"partner:{new_id()}", stored_at=clock.now() - timedelta(days=9),
        )  # fmt: skip
    by = stage.actor("system")

    def look(*ends: Any) -> None:
        assert sorted(ends) == [0, 1]

    return Pair(*[lambda: services.drop_unused_pictures(by=by)] * 2, look)


@pytest.fixture(scope="module", autouse=True)
def _people(stage: Stage) -> None:
    cast = stage.cast
    with transaction.atomic():
        person(cast, "second_clerk", Role.CLERK, cast.office, cast.town, "林晓")
        person(cast, "second_leader", Role.LEADER, cast.office, cast.city, "何建平")


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
