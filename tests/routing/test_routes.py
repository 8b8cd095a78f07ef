"""Routing rules in the database: drafts, trials, versions, and what each matter tells of how it came to its unit."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from minqing.core import cache_version
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, Refused
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters import services
from minqing.matters.enums import Mechanism, Move
from minqing.matters.models import Matter, Step
from minqing.matters.queries.dossier import dossier_of
from minqing.org.enums import Role
from minqing.org.models import Unit
from minqing.privacy.access import acting_as
from minqing.routing import services as routing
from minqing.routing.engine import Condition
from minqing.routing.enums import RouteState
from minqing.routing.forms.routes import CaseForm, RouteForm
from minqing.routing.models import RouteCase, RouteSet, Routing
from minqing.routing.queries import reasons
from minqing.routing.queries.advice import advise
from minqing.routing.queries.routes import fates, routes_of, visible_sets, went_through
from tests.cast import Cast, at, person
from tests.routing.drafting import add, assign, drafted, live, put_live

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def county_clerk(cast: Cast) -> Actor:
    person(cast, "county_clerk", Role.CLERK, cast.office, cast.city, "何清")
    return cast.actor("county_clerk")


def advice_for(cast: Cast, *matters: Matter) -> list[Any]:
    with cast.everything():
        found = advise(Matter.objects.select_related("area").filter(pk__in=[one.pk for one in matters]))
    return [found[one.pk] for one in matters]


def test_rules_in_force_say_the_unit_the_days_and_the_way_and_why(cast: Cast) -> None:
    road = cast.matter(title="道路坑坑洼洼", text="")
    [before] = advice_for(cast, road)
    assert (before.unit, before.reasons) == (cast.bureau, ["It is the usual unit of the category “道路”."])
    live(cast, days=2, mechanism=Mechanism.JOINT, when=Condition(categories=frozenset({"transport"}),
                                                                  areas=frozenset({cast.own.id})))  # fmt: skip
    far, other = (
        cast.matter(cast.far, title="道路坑坑洼洼", text=""),
        cast.matter(cast.other, title="道路坑洼", text=""),
    )
    found, elsewhere, beside = advice_for(cast, road, far, other)
    assert (found.unit, found.days, found.mechanism) == (cast.office, 2, "joint")
    assert found.reasons == [
        "Because the category is “交通运输” and the place is in 棠溪村, by the rule “道路归办公室” (version 1)."
    ]
    assert elsewhere.unit == beside.unit == cast.bureau


def test_a_township_s_rule_comes_before_the_county_s(cast: Cast) -> None:
    by = county_clerk(cast)
    with acting_as(by):
        draft = drafted(cast, by, cast.city)
        add(cast, draft, by, unit=None, unit_expression="kind:village|kind:office", name="全市")
        put_live(draft, by)
    road, far = cast.matter(title="道路坑洼"), cast.matter(cast.far, title="道路坑洼")
    assert [one.unit.name for one in advice_for(cast, road, far)] == ["棠溪村村委会", "甘霖镇综合服务办"]
    live(cast)
    assert [one.unit.name for one in advice_for(cast, road, far)] == ["石璜镇综合服务办", "甘霖镇综合服务办"]


def test_a_rule_whose_unit_is_not_at_work_falls_back_and_says_so(cast: Cast) -> None:
    clinic = Unit.objects.create(code="U9", name="养路队", kind="service", area=cast.town)
    live(cast, unit=clinic.id)
    Unit.objects.filter(pk=clinic.pk).update(active=False)
    [found] = advice_for(cast, cast.matter(title="道路坑洼"))
    assert found.unit == cast.bureau
    assert found.reasons[1:] == [
        "The unit of that rule is not at work in this place.", "It is the usual unit of the category “道路”."
    ]  # fmt: skip


def test_nobody_clear_means_the_township_s_office(cast: Cast) -> None:
    [found] = advice_for(cast, cast.matter(title="您好", text="谢谢"))
    assert (found.unit, found.category) == (cast.office, None)
    assert found.reasons == ["No rule names a unit: the office of the place takes it."]


@pytest.mark.parametrize("number", [1, 3])
def test_advice_with_rules_takes_no_statement_for_any_number_of_matters(cast: Cast, number: int) -> None:
    live(cast)
    for _n in range(number):
        cast.matter(title="道路坑洼")
    with cast.everything(), cache_version.assume_versions(cache_version.current_versions()):
        rows = list(Matter.objects.select_related("area"))
        advise(rows)
        with CaptureQueriesContext(connection) as seen:
            assert all(one.unit == cast.office for one in advise(rows).values())
    assert len(seen) == 0, "categories, units and rules are kept"


def test_advice_never_follows_rules_that_are_no_longer_in_force(cast: Cast) -> None:
    row, clerk = live(cast), cast.actor("clerk")
    road = cast.matter(title="道路坑洼")
    assert advice_for(cast, road)[0].unit == cast.office
    with acting_as(clerk):
        routing.retire_routes(routes=row.set, by=clerk)
    assert advice_for(cast, road)[0].unit == cast.bureau
    with acting_as(clerk):
        routing.roll_back_routes(routes=row.set, by=clerk)
    assert advice_for(cast, road)[0].unit == cast.office


def test_a_draft_copies_what_is_in_force_and_changes_nothing_of_it(cast: Cast) -> None:
    row, clerk = live(cast), cast.actor("clerk")
    with acting_as(clerk):
        draft = drafted(cast)
        again = routing.draft_routes(id=draft.pk, area=cast.town, by=clerk)
        assert (again, draft.number) == (draft, 2)
        [copy] = routes_of(draft)
        assert (copy.mark, copy.condition, copy.pk == row.pk) == (row.mark, row.condition, False)
        routing.drop_route(route=copy, by=clerk)
        assert routes_of(row.set) == [row]
        with pytest.raises(Conflict) as refused:
            drafted(cast)
        assert refused.value.code == "draft_there"
        for change in (
            lambda: add(cast, row.set),
            lambda: routing.drop_route(route=row, by=clerk),
            lambda: routing.move_route(route=row, up=True, by=clerk),
            lambda: routing.discard_draft(routes=row.set, by=clerk),
            lambda: routing.replay_routes(id=new_id(), routes=row.set, by=clerk),
            lambda: routing.go_live(routes=row.set, by=clerk),
        ):
            with pytest.raises(Conflict):
                change()


def test_only_the_clerk_of_the_place_keeps_its_rules(cast: Cast) -> None:
    with acting_as(cast.actor("clerk")):
        draft = drafted(cast)
    for role in ("far_clerk", "operator", "cadre", "leader", "handler"):
        by = cast.actor(role)
        with cast.everything():
            for write in (
                lambda by=by: add(cast, draft, by),
                lambda by=by: routing.draft_routes(id=new_id(), area=cast.town, by=by),
                lambda by=by: routing.discard_draft(routes=draft, by=by),
            ):
                with pytest.raises(Refused):
                    write()
    with acting_as(cast.actor("clerk")), pytest.raises(Refused):
        routing.draft_routes(id=new_id(), area=cast.own, by=cast.actor("clerk"))


def test_who_may_see_which_rules(cast: Cast) -> None:
    row, by = live(cast), county_clerk(cast)
    with acting_as(by):
        add(cast, county := drafted(cast, by, cast.city), by)
    seen = {role: set(visible_sets(cast.actor(role)).values_list("pk", flat=True))
            for role in ("clerk", "far_clerk", "county_clerk", "operator")}  # fmt: skip
    both = {row.set_id, county.pk}
    assert seen == {"clerk": {row.set_id}, "far_clerk": set(), "county_clerk": both, "operator": both}
    with acting_as(by):
        put_live(county, by)
    assert county.pk in set(visible_sets(cast.actor("far_clerk")).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"when": Condition(categories=frozenset({"nothing"}))}, "not in use"),
        ({"when": Condition(areas=frozenset({10**6}))}, "not there any more"),
        ({"unit": 10**6}, "takes no matters"),
        ({"unit": None, "unit_expression": "U-none"}, "not at work"),
        ({"unit": None}, "Say what the rule decides"),
        ({"name": " "}, "Give the rule a name"),
        ({"when": Condition(categories=frozenset({"road"}))}, "never get its turn: the rule “道路归办公室”"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_in_a_sentence(cast: Cast, values: dict[str, Any], said: str) -> None:
    with acting_as(cast.actor("clerk")):
        draft = drafted(cast)
        add(cast, draft)
        with pytest.raises(Invalid) as refused:
            add(cast, draft, **{"name": "另一条"} | values)
    assert said in str(refused.value.sentence)
    assert len(routes_of(draft)) == 1


def test_a_rule_is_put_before_another_moved_and_changed_in_place(cast: Cast) -> None:
    with acting_as(clerk := cast.actor("clerk")):
        draft = drafted(cast)
        broad = add(cast, draft)
        exact = add(cast, draft, name="大桥", when=Condition(words=("大桥",)), before=broad.pk)
        assert [one.name for one in routes_of(draft)] == ["大桥", "道路归办公室"]
        routing.move_route(route=exact, up=False, by=clerk)
        routing.move_route(route=exact, up=False, by=clerk)
        assert [one.name for one in routes_of(draft)] == ["道路归办公室", "大桥"]
        add(cast, draft, id=broad.pk, name="所有道路")
        assert [(one.order, one.name) for one in routes_of(draft)] == [(1, "所有道路"), (2, "大桥")]
        routing.drop_route(route=broad, by=clerk)
        assert [(one.order, one.name) for one in routes_of(draft)] == [(1, "大桥")]
    assert Event.objects.filter(subject=f"routes:{draft.pk}").count() == 6
    assert not Event.objects.filter(data__icontains="大桥").exists()


def test_a_moved_rule_that_takes_another_s_turn_keeps_the_draft_from_going_live(cast: Cast) -> None:
    with acting_as(clerk := cast.actor("clerk")):
        draft = drafted(cast)
        broad = add(cast, draft)
        exact = add(cast, draft, name="小路", when=Condition(categories=frozenset({"road"})), before=broad.pk)
        routing.move_route(route=exact, up=False, by=clerk)
        assert list(routing.problems(draft, clerk)) == [exact.pk]
        routing.replay_routes(id=new_id(), routes=draft, by=clerk)
        with pytest.raises(Conflict) as refused:
            routing.go_live(routes=draft, by=clerk)
    assert refused.value.code == "wrong_rules"


def test_nothing_goes_live_while_a_case_fails_or_untried(cast: Cast) -> None:
    with acting_as(clerk := cast.actor("clerk")):
        draft = drafted(cast)
        refusals = []

        def try_it() -> None:
            with pytest.raises(Conflict) as refused:
                routing.go_live(routes=draft, by=clerk)
            refusals.append(refused.value.code)

        try_it()
        rule = add(cast, draft)
        try_it()
        values = {"routes": draft, "title": "道路坑洼", "place": cast.own.id, "by": clerk}
        case = routing.save_case(id=new_id(), unit=cast.committee.id, **values)
        routing.replay_routes(id=new_id(), routes=draft, by=clerk)
        try_it()
        routing.save_case(id=case.pk, unit=cast.office.id, **values)
        assert [one.passed for one in routing.try_cases(draft)] == [True]
        # a word more: this is another draft than the one that was tried
        add(cast, draft, id=rule.pk, days=3)
        try_it()
        put_live(draft, clerk)
    assert refusals == ["no_rules", "not_replayed", "case_failed", "not_replayed"]
    assert RouteSet.objects.get(pk=draft.pk).state == RouteState.LIVE


def test_a_trial_against_rules_that_changed_meanwhile_does_not_count(cast: Cast) -> None:
    row, clerk = live(cast), cast.actor("clerk")
    with acting_as(clerk):
        draft = drafted(cast)
        routing.replay_routes(id=new_id(), routes=draft, by=clerk)
        routing.retire_routes(routes=row.set, by=clerk)
        with pytest.raises(Conflict) as refused:
            routing.go_live(routes=draft, by=clerk)
    assert refused.value.code == "not_replayed"


def test_one_version_is_live_and_a_former_one_comes_back(cast: Cast) -> None:
    row, clerk = live(cast), cast.actor("clerk")
    with acting_as(clerk):
        draft = drafted(cast)
        add(cast, draft, name="噪音", when=Condition(words=("噪音",)))
        put_live(draft, clerk)
        states = lambda: list(RouteSet.objects.order_by("number").values_list("state", flat=True))  # noqa: E731
        assert states() == ["retired", "live"]
        routing.roll_back_routes(routes=row.set, by=clerk)
        assert states() == ["live", "retired"]
        with pytest.raises(Conflict):
            routing.roll_back_routes(routes=row.set, by=clerk)
    types = list(
        Event.objects.filter(type__startswith="matters.routes.").order_by("seq").values_list("type", flat=True)
    )
    assert types[-1] == "matters.routes.rolled_back"


def test_the_live_rules_tried_against_themselves_move_nothing(cast: Cast) -> None:
    live(cast)
    for n, title in enumerate(["道路坑洼", "邻居吵架", "您好", "路灯不亮"]):
        cast.matter(title=title, category_id="transport" if n == 3 else None)
    cast.matter(cast.far, title="道路坑洼")
    with acting_as(clerk := cast.actor("clerk")):
        trial = routing.replay_routes(id=new_id(), routes=drafted(cast), by=clerk)
    assert trial.moved == []
    assert (trial.figures["matters"], trial.figures["moved"], trial.figures["terms"]) == (4, 0, 0)


def test_a_trial_shows_what_would_move_and_whether_that_is_better(cast: Cast) -> None:
    done = {"category_id": "road", "state": "assigned"}
    better, worse = cast.matter(lead_unit=cast.office, **done), cast.matter(lead_unit=cast.bureau, **done)
    open_one = cast.matter(title="道路坑洼")
    cast.matter(cast.far, lead_unit=cast.office, **done)
    with acting_as(clerk := cast.actor("clerk")):
        draft = drafted(cast)
        rule = add(cast, draft)
        id = new_id()
        trial = routing.replay_routes(id=id, routes=draft, by=clerk)
        assert routing.replay_routes(id=id, routes=draft, by=clerk) == trial
    figures = {
        "matters": 3,
        "moved": 3,
        "terms": 0,
        "ended": 2,
        "right_live": 1,
        "right_draft": 1,
        "better": 1,
        "worse": 1,
    }
    assert trial.figures == figures
    assert sorted(trial.moved) == sorted(
        [str(one.pk), cast.bureau.id, cast.office.id, one.lead_unit_id, str(rule.pk)]
        for one in (better, worse, open_one)
    )


@pytest.mark.parametrize("number", [1, 3])
def test_a_trial_takes_the_same_statements_for_any_number_of_matters(cast: Cast, number: int) -> None:
    for _n in range(number):
        cast.matter(title="道路坑洼")
    with acting_as(clerk := cast.actor("clerk")):
        draft = drafted(cast)
        add(cast, draft, when=Condition(working=False))
        with CaptureQueriesContext(connection) as seen:
            routing.replay_routes(id=new_id(), routes=draft, by=clerk)
    # what was sent under the id is one of them; in a request the rules in force and the areas are known
    assert len(seen) == 17, [query["sql"][:90] for query in seen]


@pytest.mark.parametrize("most", [0, 5001])
def test_a_trial_runs_over_no_more_than_five_thousand_matters(cast: Cast, most: int) -> None:
    with acting_as(clerk := cast.actor("clerk")), pytest.raises(Invalid):
        routing.replay_routes(id=new_id(), routes=drafted(cast), by=clerk, most=most)


def why_here(matter: Matter) -> list[str]:
    return reasons.why_here(Matter.objects.get(pk=matter.pk), dossier_of(matter.pk))


def test_each_matter_tells_why_it_came_to_its_unit(cast: Cast) -> None:
    row = live(cast)
    followed, changed, usual, nobody = (
        cast.matter(title=title, text="") for title in ("道路坑洼", "道路坑洼", "邻居吵架要调解", "您好")
    )
    with cast.everything():
        assert why_here(followed) == []
    assign(cast, followed, cast.office)
    assign(cast, changed, cast.bureau)
    assign(cast, usual, cast.committee)
    assign(cast, nobody, cast.office)
    rule = "Because the category is “交通运输”, by the rule “道路归办公室” (version 1)."
    with cast.everything():
        assert why_here(followed) == [rule]
        assert why_here(changed) == [
            f"Suggested was 石璜镇综合服务办 ({rule.rstrip('.')}); the clerk chose 市交通运输局."
        ]
        assert why_here(usual) == ["It is the usual unit of the category “邻里纠纷”."]
        assert why_here(nobody) == ["No rule names a unit: the office of the place takes it."]
        noted = Routing.objects.get(matter=followed)
        assert noted.step.move == Move.ASSIGN
    assert (noted.route, noted.set, noted.suggested, noted.chosen) == (row, row.set, cast.office, cast.office)


def test_the_note_is_one_row_and_a_second_send_writes_none(cast: Cast) -> None:
    live(cast)
    clerk, matter, id = cast.actor("clerk"), cast.matter(title="道路坑洼"), new_id()
    with acting_as(clerk):
        for _n in range(2):
            with CaptureQueriesContext(connection) as seen:
                services.assign_matter(id=id, matter=matter, unit=cast.office.id, by=clerk)
            notes = [q for q in seen if "routing_rout" in q["sql"] and q["sql"].startswith("INSERT")]
            assert len(notes) == 1 - _n
        assert Routing.objects.count() == 1


def test_the_note_is_seen_where_the_matter_is_seen(cast: Cast) -> None:
    live(cast)
    assign(cast, cast.matter(title="道路坑洼"), cast.bureau)
    counts = {}
    for role in ("clerk", "handler", "leader", "far_clerk", "other_cadre", "operator"):
        with acting_as(cast.actor(role)):
            counts[role] = Routing.objects.count()
    assert counts == {"clerk": 1, "handler": 1, "leader": 1, "far_clerk": 0, "other_cadre": 0, "operator": 0}


def step(cast: Cast, matter: Matter, move: Move, when: str) -> None:
    with cast.everything():
        Step.objects.create(matter=matter, move=move.value, state="received", at=at(when), by="system:test")


def through(cast: Cast, unit: Unit, *, chosen: Unit | None = None) -> Matter:
    matter = cast.matter(title="道路坑洼", received_at=at("2026-09-28 09:00"))
    assign(cast, matter, chosen or unit, at=at("2026-09-28 10:00"))
    return matter


def test_the_return_rate_counts_what_came_back_until_it_was_assigned_anew(cast: Cast) -> None:
    row = live(cast)
    back, passed, again, _fine = (through(cast, cast.office) for _n in range(4))
    through(cast, cast.office, chosen=cast.bureau)
    step(cast, back, Move.SEND_BACK, "2026-09-29 10:00")
    for matter in (back, passed):
        with cast.everything():
            Matter.objects.filter(pk=matter.pk).update(state="received" if matter is back else "assigned")
        assign(cast, matter, cast.bureau, at=at("2026-09-30 10:00"))
    # what the bureau does with it is no longer the rule's
    step(cast, passed, Move.SEND_BACK, "2026-10-09 10:00")
    step(cast, again, Move.REOPEN, "2026-10-09 10:00")
    with acting_as(cast.actor("clerk")):
        with CaptureQueriesContext(connection) as seen:
            found = fates([row], cast.town.id)[row.mark]
        assert len(seen) == 1
        assert (found.matters, found.returned, found.passed_on, found.reopened) == (4, 1, 1, 1)
        assert (found.percent, found.high) == (50, False)
        rows = went_through(row.mark, cast.town.id)
        assert set(rows.filter(returned=True).values_list("matter", flat=True)) == {back.pk}
        assert set(rows.filter(passed_on=True).values_list("matter", flat=True)) == {passed.pk}
        assert set(rows.filter(reopened=True).values_list("matter", flat=True)) == {again.pk}
        assert fates([row], cast.town.id, since=at("2026-09-29 00:00")) == {}


def test_a_rule_is_known_again_in_the_next_version_and_marked_when_much_comes_back(cast: Cast) -> None:
    live(cast)
    for _n in range(5):
        step(cast, through(cast, cast.office), Move.SEND_BACK, "2026-09-29 10:00")
    with acting_as(clerk := cast.actor("clerk")):
        draft = drafted(cast)
        [copy] = routes_of(draft)
        found = fates([copy], cast.town.id)[copy.mark]
        assert (found.matters, found.percent, found.high) == (5, 100, True)
        add(cast, draft, id=copy.pk, name="改了去处", unit=cast.bureau.id)
        assert fates(routes_of(draft), cast.town.id) == {}
        routing.discard_draft(routes=draft, by=clerk)
        assert RouteSet.objects.count() == 1


def test_cases_stay_inside_the_place_and_what_they_quote_is_behind_the_wall(cast: Cast) -> None:
    with acting_as(clerk := cast.actor("clerk")):
        draft = drafted(cast)
        values = {"id": new_id(), "routes": draft, "title": "张三家门口路灯不亮", "unit": cast.office.id, "by": clerk}
        with pytest.raises(Invalid):
            routing.save_case(place=cast.far.id, **values)
        routing.save_case(place=cast.own.id, **values)
        routing.save_case(place=cast.own.id, **values)
        assert RouteCase.objects.count() == 1
    with acting_as(cast.actor("operator")):
        assert RouteCase.objects.count() == 0
    assert not Event.objects.filter(data__icontains="张三").exists()


def test_a_text_is_tried_without_storing_anything(cast: Cast) -> None:
    with acting_as(clerk := cast.actor("clerk")):
        draft = drafted(cast)
        add(cast, draft)
        found = routing.try_text(routes=draft, title="道路坑洼", text="", place=cast.own.id, by=clerk)
        assert found.unit == cast.office
        with pytest.raises(Invalid):
            routing.try_text(routes=draft, title="道路坑洼", text="", place=cast.far.id, by=clerk)
        assert Matter.objects.count() == 0


FILE = """\
area: T1
version: 1
rules:
- name: 夜间
  when:
    areas: [V1]
    hours: ['22:00', '06:00']
    working: false
  days: 1
  stop: false
- name: 道路
  when:
    categories: [transport]
    answers:
    - question: plate
      how: is
      values: [浙D1]
  unit: U1
  mechanism: joint
- name: 村里的事
  unit: kind:village|kind:office
cases:
- title: 邻居吵架
  place: V1
  at: '2026-09-30 16:00'
  channel: counter
  unit: U3
"""


def test_a_file_comes_back_as_it_went_in(cast: Cast) -> None:
    with acting_as(clerk := cast.actor("clerk")):
        draft = routing.load_routes(id=new_id(), text=FILE, by=clerk)
        once = routing.export_routes(draft)
        assert [one.passed for one in routing.try_cases(draft)] == [True]
        with pytest.raises(Conflict):
            routing.load_routes(id=new_id(), text=once, by=clerk)
        again = routing.load_routes(id=new_id(), text=once, by=clerk, replace=True)
        assert routing.export_routes(again) == once
        assert RouteSet.objects.get().pk == again.pk


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("area: T1", "area: T9", "“T9”"),
        ("areas: [V1]", "areas: [V3]", "Rule 1"),
        ("areas: [V1]", "areas: [V9]", "“V9”"),
        ("unit: U1", "unit: U7", "Rule 2: The unit “U7” is not at work"),
        ("unit: U3", "unit: U7", "“U7”"),
        ("days: 1", "dayz: 1", "“dayz”"),
        ("days: 1", "days: soon", "“soon”"),
        ("mechanism: joint", "mechanism: magic", "“magic”"),
        ("at: '2026-09-30 16:00'", "at: later", "“later”"),
        ("rules:", "rules: [", "not YAML"),
        (FILE, "- 1", "cannot be"),
    ],
)
def test_a_file_with_a_mistake_loads_nothing(cast: Cast, old: str, new: str, said: str) -> None:
    with acting_as(clerk := cast.actor("clerk")), pytest.raises(Invalid) as refused:
        routing.load_routes(id=new_id(), text=FILE.replace(old, new), by=clerk)
    assert said in str(refused.value.sentence)
    assert RouteSet.objects.count() == 0


def test_a_clerk_loads_no_file_of_another_township(cast: Cast) -> None:
    with acting_as(clerk := cast.actor("far_clerk")), pytest.raises(Refused):
        routing.load_routes(id=new_id(), text=FILE, by=clerk)


@pytest.mark.fault(73)
def test_names_and_cases_that_are_too_long_are_refused_by_the_services_as_by_their_forms(cast: Cast) -> None:
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        draft = drafted(cast)
        assert add(cast, draft, name="字" * longest(RouteForm, "name")).name == "字" * 60
        with pytest.raises(Invalid):
            add(cast, draft, name="字" * (longest(RouteForm, "name") + 1))
        values: dict[str, Any] = {"routes": draft, "place": cast.own.id, "by": clerk, "unit": cast.office.id}
        for name in ("title", "text"):
            given = values | {"title": "坑", name: "字" * (longest(CaseForm, name) + 1)}
            with pytest.raises(Invalid):
                routing.save_case(id=new_id(), **given)


def longest(form: Any, name: str) -> int:
    most: int = form.base_fields[name].max_length
    return most
