"""The rules that route: first match wins, nearest area first, and what never gets its turn is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.errors import Invalid
from minqing.core.ids import new_id
from minqing.matters.questions import NUMBER
from minqing.routing.engine import (
    Asked,
    Book,
    Condition,
    Facts,
    How,
    Rule,
    because,
    chain,
    decide,
    holds,
    working_time,
)
from minqing.routing.queries.advice import MatterInput, read_lookups, unit_by_rules
from minqing.routing.serializers import (
    condition_from_json,
    condition_to_json,
    dump,
    parse,
    rule_from_file,
    rule_to_file,
)
from minqing.routing.validation import World, covers, hidden_by, opening_of, wrong_with
from minqing.worktime.calendar import WorkCalendar
from minqing.worktime.hours import ALL_DAY, USUAL, Hours, WorkTime
from tests.cast import Cast, at


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """The sentences are compared as they stand in the code."""
    with override("en"):
        yield


PARENTS = {"transport": None, "road": "transport", "bus": "transport", "health": None, "clinic": "health"}
PATHS = {1: "1.", 2: "1.2.", 3: "1.2.3.", 4: "1.2.4.", 5: "1.5."}
QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "road": [
        {"code": "depth", "kind": NUMBER, "text": "多深？"},
        {"code": "kind", "kind": "singlevaluelist", "text": "哪种？", "values": [{"key": k, "name": k} for k in "abc"]},
        {"code": "told", "kind": "text", "variable": False, "text": "请注意"},
    ]
}
WORLD = World(PARENTS, QUESTIONS, PATHS, frozenset({"U1", "U2"}), "1.")
MONDAY = at("2026-10-12 10:00")


def rule(n: int = 1, area: int = 1, **values: Any) -> Rule:
    when = Condition(**values.pop("when", {}))
    return Rule(**{"id": UUID(int=n), "name": f"规则{n}", "when": when, "unit": "U1", "area": area} | values)


def facts(category: str = "road", areas: tuple[int, ...] = (1, 2, 3), **values: Any) -> Facts:
    return Facts(**{"categories": chain(category, PARENTS), "areas": areas, "at": MONDAY} | values)


one_of = st.sampled_from
categories = one_of(["", *PARENTS])
places = one_of([(1, 2, 3), (1, 2, 4), (1, 2), (1, 5), (1,)])
asked = st.builds(
    lambda how, values: Asked("depth", how, values if how is How.IS else values[:1]),
    one_of(list(How)),
    st.lists(one_of(["1", "2", "3"]), min_size=1, max_size=2).map(tuple),
)
hours = st.tuples(one_of([time(0), time(8), time(17, 30), time(22)]), one_of([time(6), time(12), time(23, 59)]))
days = st.tuples(st.integers(1, 12), st.integers(1, 28))
conditions = st.builds(
    Condition,
    categories=st.frozensets(one_of(list(PARENTS)), max_size=2),
    areas=st.frozensets(one_of(list(PATHS)), max_size=2),
    channels=st.frozensets(one_of(["phone", "code"]), max_size=1),
    words=st.lists(one_of(["路灯", "灯", "坑"]), max_size=2, unique=True).map(tuple),
    weekdays=st.frozensets(st.integers(1, 7), max_size=3),
    hours=st.none() | hours,
    working=st.none() | st.booleans(),
    season=st.none() | st.tuples(days, days),
    answers=st.lists(asked, max_size=1).map(tuple),
)
rules = st.builds(
    Rule,
    id=st.uuids(),
    name=st.just("规则"),
    when=conditions,
    unit=one_of(["", "U1", "U2", "kind:office"]),
    mechanism=one_of(["", "joint"]),
    days=st.none() | st.integers(0, 9),
    stop=st.booleans(),
    area=one_of([1, 2, 5]),
)
situations = st.builds(
    Facts,
    categories=categories.map(lambda code: chain(code, PARENTS)),
    areas=places,
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001  # local, as the engine takes it
    text=one_of(["", "路灯不亮", "有个坑", "灯"]),
    channel=one_of(["phone", "code"]),
    answers=one_of([{}, {"depth": "2"}, {"depth": ["1", "3"]}, {"depth": "x"}]),
    working=st.booleans(),
)


@given(st.lists(rules, max_size=6), situations)
def test_the_first_rule_that_fits_wins(book: list[Rule], matter: Facts) -> None:
    """Against the plain reading: nearest area first, top down, each thing by the first that says it."""
    wanted: dict[str, Any] = {"unit": "", "mechanism": "", "days": None}
    for area in reversed(matter.areas):
        mine = [one for one in book if one.area == area and holds(one.when, matter)]
        for one in mine:
            wanted["unit"] = wanted["unit"] or one.unit
            wanted["mechanism"] = wanted["mechanism"] or one.mechanism
            wanted["days"] = one.days if wanted["days"] is None else wanted["days"]
            if one.stop:
                break
        if any(one.stop for one in mine):
            break
    found = decide(Book(book), matter)
    assert {"unit": found.unit, "mechanism": found.mechanism, "days": found.days} == wanted


@given(st.lists(rules, max_size=5), rules, situations)
def test_a_rule_added_behind_one_that_took_the_matter_changes_nothing(
    book: list[Rule], added: Rule, matter: Facts
) -> None:
    before = decide(Book(book), matter)
    after = decide(Book([*book, added]), matter)
    if before.matched and before.matched[-1].stop and before.matched[-1].area == added.area:
        assert after == before
    for name in ("unit", "mechanism"):
        if getattr(before, name) and added.area == book[0].area and {one.area for one in book} == {added.area}:
            assert getattr(after, name) == getattr(before, name)


@given(st.lists(rules, max_size=6), st.lists(situations, min_size=2, max_size=4))
def test_what_was_asked_before_does_not_change_the_answer(book: list[Rule], matters: list[Facts]) -> None:
    shared = Book(book)
    assert [decide(shared, one) for one in matters] == [decide(Book(book), one) for one in matters]


@given(conditions, conditions, situations)
def test_a_condition_that_covers_another_fits_wherever_that_fits(
    wide: Condition, narrow: Condition, matter: Facts
) -> None:
    if covers(wide, narrow, WORLD) and holds(narrow, matter):
        assert holds(wide, matter)


@given(conditions)
def test_a_condition_covers_itself_and_nothing_covers_more_than_everything(when: Condition) -> None:
    assert covers(when, when, WORLD)
    assert covers(Condition(), when, WORLD)


@given(conditions)
def test_a_condition_is_the_same_after_being_stored(when: Condition) -> None:
    assert condition_from_json(condition_to_json(when)) == when
    assert condition_to_json(condition_from_json(condition_to_json(when))) == condition_to_json(when)


@given(conditions, situations)
def test_reasons_name_each_part_of_the_condition_that_was_met(when: Condition, matter: Facts) -> None:
    if holds(when, matter):
        given_parts = sum(map(bool, (when.categories, when.areas, when.channels, when.words, when.weekdays, when.hours,
                                     when.working is not None, when.season, when.answers)))  # fmt: skip
        assert len(because(when, matter)) == given_parts
        assert all(value not in ("", 0, []) for key, value in because(when, matter).items() if key != "working")


def test_a_township_is_asked_before_the_county_and_a_rule_that_goes_on_leaves_the_rest_to_others() -> None:
    book = Book([
        rule(1, area=1, unit="U2", days=9),
        rule(2, area=2, unit="", days=1, stop=False, when={"words": ("急",)}),
        rule(3, area=2, unit="U1", when={"categories": frozenset({"health"})}),
    ])  # fmt: skip
    assert decide(book, facts("clinic")).unit == "U1"
    assert decide(book, facts("road")).unit == "U2"
    urgent = decide(book, facts("road", text="急！路塌了"))
    assert (urgent.unit, urgent.days, [one.id.int for one in urgent.matched]) == ("U2", 1, [2, 1])
    assert decide(book, facts("clinic", areas=(1, 5))).unit == "U2"
    assert decide(Book(()), facts()).by is None


@pytest.mark.parametrize(
    ("when", "matter", "fits"),
    [
        ({"categories": frozenset({"transport"})}, facts("road"), True),
        ({"categories": frozenset({"road"})}, facts("transport"), False),
        ({"areas": frozenset({2})}, facts(areas=(1, 2, 4)), True),
        ({"areas": frozenset({3})}, facts(areas=(1, 2)), False),
        ({"hours": (time(22), time(6))}, facts(at=at("2026-10-12 23:30")), True),
        ({"hours": (time(22), time(6))}, facts(at=at("2026-10-12 06:00")), False),
        ({"season": ((11, 1), (2, 29))}, facts(at=at("2026-01-05 08:00")), True),
        ({"season": ((11, 1), (2, 29))}, facts(at=at("2026-03-01 08:00")), False),
        ({"weekdays": frozenset({6, 7})}, facts(at=at("2026-10-11 08:00")), True),
        ({"answers": (Asked("depth", How.LEAST, ("10",)),)}, facts(answers={"depth": "9.5"}), False),
        ({"answers": (Asked("depth", How.LEAST, ("10",)),)}, facts(answers={"depth": "10"}), True),
        ({"answers": (Asked("depth", How.MOST, ("10",)),)}, facts(answers={"depth": "很深"}), False),
        ({"answers": (Asked("kind", How.IS, ("a", "b")),)}, facts(answers={"kind": ["c", "b"]}), True),
        ({"answers": (Asked("kind", How.IS, ("a",)),)}, facts(), False),
    ],
)
def test_a_condition_means_what_it_says(when: dict[str, Any], matter: Facts, fits: bool) -> None:
    assert holds(Condition(**when), matter) is fits


def test_working_time_knows_holidays_and_worked_weekends() -> None:
    holiday, worked = at("2026-10-01 10:00"), at("2026-10-10 10:00")
    calendar = WorkCalendar({holiday.date(): False, worked.date(): True})
    moments = (holiday, worked, at("2026-10-12 08:29"), at("2026-10-12 17:30"))
    assert [working_time(one, WorkTime(calendar)) for one in moments] == [False, True, False, False]


def test_working_time_is_that_of_the_office_there_with_its_noon_break() -> None:
    market = WorkTime(WorkCalendar({}), Hours(((6 * 60, 11 * 60), (13 * 60, 19 * 60)), every_day=True))
    saturday = [at(f"2026-10-17 {clock}") for clock in ("05:59", "06:00", "12:00", "18:59", "19:00")]
    assert [working_time(one, market) for one in saturday] == [False, True, True, True, False]
    assert working_time(at("2026-10-17 03:00"), WorkTime(WorkCalendar({}), ALL_DAY))


def test_a_rule_of_the_night_can_apply_where_an_office_works_at_night() -> None:
    rule = Rule(new_id(), "夜班", Condition(hours=(time(20), time(6)), working=True), "U1")
    assert wrong_with(rule, WORLD)
    assert not wrong_with(rule, replace(WORLD, offices=(opening_of(USUAL), opening_of(ALL_DAY))))


@pytest.mark.django_db
def test_a_matter_is_in_working_time_by_the_hours_of_its_own_township_s_office(cast: Cast) -> None:
    cast.office.hours = {"every_day": True, "spans": [["06:00", "22:00"]]}
    cast.office.save(update_fields=["hours"])
    rule = Rule(new_id(), "上班时间", Condition(working=True), "U2", area=cast.city.id)
    table = read_lookups(book=Book([rule]))
    for area, worked in ((cast.own, True), (cast.far, False)):
        told = MatterInput("路灯不亮", "", area.path, at("2026-10-17 07:00"))
        found = unit_by_rules(told, None, table)
        assert (found.source == "rule") is worked


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"when": {"categories": frozenset({"nothing"})}}, "“nothing” is not in use"),
        ({"when": {"areas": frozenset({99})}}, "not there any more"),
        ({"unit": "U9"}, "“U9” is not at work"),
        ({"unit": "kind:palace"}, "does not say a unit"),
        ({"unit": ""}, "Say what the rule decides"),
        ({"days": 900}, "between 0 and 250"),
        ({"mechanism": "supervised"}, "ordered by a leader"),
        ({"when": {"words": ("x" * 41,)}}, "between 1 and 40"),
        ({"when": {"hours": (time(8), time(8))}}, "same minute"),
        ({"when": {"hours": (time(20), time(6)), "working": True}}, "never working time"),
        ({"when": {"answers": (Asked("never", How.IS, ("1",)),)}}, "asks the question"),
        ({"when": {"answers": (Asked("told", How.IS, ("1",)),)}}, "asks the question"),
        (
            {
                "when": {
                    "categories": frozenset({"health"}),
                    "answers": (Asked("depth", How.IS, ("1",)),),
                }
            },
            "asks the question",
        ),
        ({"when": {"answers": (Asked("kind", How.LEAST, ("1",)),)}}, "cannot be compared"),
        ({"when": {"answers": (Asked("kind", How.IS, ("z",)),)}}, "among its own answers"),
        ({"when": {"answers": (Asked("depth", How.LEAST, ("deep",)),)}}, "one number"),
        (
            {"when": {"answers": (Asked("depth", How.LEAST, ("9",)), Asked("depth", How.MOST, ("3",)))}},
            "contradicts itself",
        ),
        (
            {"when": {"answers": (Asked("kind", How.IS, ("a",)), Asked("kind", How.IS, ("b",)))}},
            "contradicts itself",
        ),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(values: dict[str, Any], said: str) -> None:
    assert said in " ".join(map(str, wrong_with(rule(**values), WORLD)))


def test_a_place_outside_of_the_set_s_area_is_refused() -> None:
    inside = World(PARENTS, QUESTIONS, PATHS, WORLD.units, "1.2.")
    assert "outside" in str(wrong_with(rule(when={"areas": frozenset({5})}), inside)[0])
    assert not wrong_with(rule(when={"areas": frozenset({3})}), inside)


def test_a_rule_behind_one_that_takes_all_of_it_is_found() -> None:
    broad, exact = {"categories": frozenset({"transport"})}, {"categories": frozenset({"road"}), "words": ("坑",)}
    assert hidden_by([rule(1, when=broad), rule(2, when=exact)], WORLD) == {1: 0}
    assert hidden_by([rule(2, when=exact), rule(1, when=broad)], WORLD) == {}
    assert hidden_by([rule(1, when=broad, stop=False), rule(2, when=exact)], WORLD) == {}


@pytest.mark.parametrize(
    "data",
    [
        [], "x", {"categorys": ["road"]}, {"areas": ["T1"]}, {"weekdays": [0]}, {"weekdays": [True]},
        {"hours": ["8:00", "9:00"]}, {"hours": ["08:00"]}, {"season": ["02-30", "03-01"]}, {"season": ["1-1", "2-2"]},
        {"working": "yes"}, {"channels": ["pigeon"]}, {"words": [""]}, {"words": "路灯"},
        {"answers": [{"question": "depth", "how": "about", "values": ["1"]}]}, {"answers": [{"question": "depth"}]},
    ],
)  # fmt: skip
def test_what_is_misspelt_is_refused_and_never_makes_a_rule_wider(data: Any) -> None:
    with pytest.raises(Invalid):
        condition_from_json(data)


def test_a_hundred_thousand_decisions_look_at_few_rules() -> None:
    """A county's book: 21 sets of 100 rules. What a category can meet is worked out once, not for each matter."""
    codes = [f"c{n}" for n in range(60)]
    book = Book(
        rule(n, area=1 + n // 100, when={"categories": frozenset({codes[n % 60]}), "words": (f"词{n}",)})
        for n in range(2100)
    )
    matters = [
        Facts((codes[n % 60],), (1, 2 + n % 20), MONDAY, text=f"这里有词{n % 2100}，请处理。") for n in range(1000)
    ]
    asked_rules = 0
    for _n in range(100):
        for one in matters:
            decide(book, one)
    for one in matters:
        asked_rules += sum(1 for _rule in book.open_to(one))
    assert asked_rules / len(matters) <= 4


class Kept:
    """A rule's row, as far as a file holds it."""

    def __init__(self, made: Rule) -> None:
        self.name, self.condition, self.unit_code = made.name, condition_to_json(made.when), made.unit
        self.mechanism, self.days, self.stop = made.mechanism, made.days, made.stop


@given(st.lists(rules, max_size=4))
def test_rules_come_back_from_a_file_as_they_went_in(book: list[Rule]) -> None:
    text = dump("C", 7, [rule_to_file(Kept(one), lambda area: f"A{area}") for one in book], [])
    back = [rule_from_file(one, lambda code: int(code[1:])) for one in parse(text)["rules"]]
    assert back == [
        {"name": one.name, "when": one.when, "unit": one.unit, "mechanism": one.mechanism, "days": one.days,
         "stop": one.stop}
        for one in book
    ]  # fmt: skip
