"""Real messages become matters with their history, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.sheets import match_headings, read_rows
from minqing.intake.kinds import Row, Stored
from minqing.intake.storage.seen_keys import seen
from minqing.matters import queries
from minqing.matters.enums import State
from minqing.matters.imports import MESSAGES
from minqing.matters.imports.checking import Messages, read_time
from minqing.matters.models import Clock, Matter, Reporter, Step
from minqing.matters.services import end_of_next_day
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast, at

pytestmark = pytest.mark.django_db
BASE = {
    "number": "7",
    "user": "A0001",
    "title": "道路坑洼",
    "time": "2019/2/28 11:25:05",
    "text": " 村口\n\n\t的路  坏了 ",
}


def bring(rows: list[dict[str, str]], choice: str = "loading") -> tuple[Stored, list[dict[str, Any]]]:
    """One pass over ``rows``: what was stored, and the problems of those that were not."""
    actor = system_actor("import")
    empty = {column.name: "" for column in MESSAGES.columns}
    with seen() as book, acting_as(actor):
        table = Messages(actor, book, choice)
        made = [Row(number, []) for number, _cells in enumerate(rows, 2)]
        for row, cells in zip(made, rows, strict=True):
            table.check(row, empty | cells)
        table.look([row for row in made if not row.problems])
        right = [row for row in made if not row.problems]
        return table.store(right), [row.problems for row in made if row.problems]


def file_rows(path: Path) -> Iterator[dict[str, str]]:
    sheet = read_rows(path, fields=MESSAGES.columns)
    match = match_headings(sheet.headings, MESSAGES.columns)
    assert not match.missing
    for _number, cells in sheet.rows:
        yield {name: match.cell(cells, name) for name in match.columns}


def counts(stored: Stored) -> tuple[int, int, int]:
    return stored.created, stored.updated, stored.unchanged


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019/2/28 11:25:05", "2019-02-28 11:25:05"),
        ("2019-04-08 08:37:20", "2019-04-08 08:37:20"),
        (" 2019年4月8日\t8:37 ", "2019-04-08 08:37"),
        ("2019-04-08T08:37:20", "2019-04-08 08:37:20"),
        ("2019.4.8", "2019-04-08 00:00"),
        ("2019-02-30 08:00", None),
        ("gestern", None),
        ("", None),
        ("0001-01-01", None),
    ],
)
def test_times_are_read_as_clerks_files_have_them(text: str, moment: str | None) -> None:
    assert read_time(text) == (at(moment) if moment else None)


def test_a_message_becomes_a_matter_of_the_county(cast: Cast) -> None:
    assert counts(bring([BASE | {"likes": "3.0"}])[0]) == (1, 0, 0)
    with cast.everything():
        matter = Matter.objects.get()
        assert (matter.area_id, matter.channel, matter.state) == (cast.city.id, "message", State.RECEIVED)
        assert (matter.text, matter.likes, matter.outside_number) == ("村口\n的路 坏了", 3, "7")
        assert matter.category_id == "road"
        assert matter.received_at == at("2019-02-28 11:25:05")
        # it waits to be assigned from now on: what is old is not overdue in the minute it comes in
        assert matter.due_at is not None
        assert matter.due_at > clock.now()
        assert matter.number.startswith("MQ-2019-")
        assert queries.light_of(matter) in {"green", "yellow"}
        assert Reporter.objects.get().name == "A0001"
        steps = queries.steps_of(matter)
        assert sorted(step.move for step in steps) == ["classify", "receive"]
        machine = next(step for step in steps if step.move == "classify")
        assert (machine.by, machine.public) == ("system:matters.suggest", False)
        assert "坑洼" in machine.text


def test_a_message_may_be_counted_from_its_own_time_and_an_answer_that_comes_later_stops_its_clocks(cast: Cast) -> None:
    assert counts(bring([BASE], choice="table")[0]) == (1, 0, 0)
    with cast.everything():
        matter = Matter.objects.get()
        assert matter.due_at is not None
        assert matter.due_at < clock.now()
        assert Clock.objects.filter(stopped_at=None).count() == 2
        assert Clock.objects.get(kind="assign").escalate_at == end_of_next_day(clock.now()), (
            "reported upwards from then"
        )
    assert counts(bring([BASE | {"reply": "已修好", "reply_time": "2019-03-05 09:00:00"}])[0]) == (0, 1, 0)
    with cast.everything():
        matter = Matter.objects.get()
        assert (matter.state, matter.due_at) == (State.FINISHED, None)
        assert not Clock.objects.filter(stopped_at=None).exists()


def test_a_message_that_was_answered_has_no_clock(cast: Cast) -> None:
    bring([BASE | {"reply": "已修好", "reply_time": "2019-03-05 09:00:00", "category": "交通运输"}])
    with cast.everything():
        assert Matter.objects.get().due_at is None
        assert not Clock.objects.exists()


def test_a_replied_message_has_its_history_at_the_real_times(cast: Cast) -> None:
    bring([BASE | {"reply": "已修好", "reply_time": "2019-03-05 09:00:00", "category": "交通运输"}])
    with cast.everything():
        matter = Matter.objects.get()
        assert (matter.state, matter.finished_at) == (State.FINISHED, at("2019-03-05 09:00"))
        assert (matter.category_id, matter.lead_unit_id) == ("transport", cast.bureau.id)
        steps = {step.move: step for step in queries.steps_of(matter)}
        assert set(steps) == {"receive", "assign", "accept", "finish"}
        assert (steps["finish"].text, steps["finish"].at) == ("已修好", at("2019-03-05 09:00"))
        assert [step.move for step in queries.steps_of(matter, public_only=True)] == ["finish", "receive"]


def test_bringing_it_again_changes_nothing_and_news_are_added(cast: Cast) -> None:
    rows = [BASE, BASE | {"number": "8", "title": "噪音扰民"}]
    assert counts(bring(rows)[0]) == (2, 0, 0)
    assert counts(bring(rows)[0]) == (0, 0, 2)
    assert counts(bring([BASE | {"likes": "5"}])[0]) == (0, 1, 0)
    assert counts(bring([BASE | {"category": "交通运输"}])[0]) == (0, 0, 1), "the suggestion was of that branch"
    assert counts(bring([BASE | {"category": "环境保护"}])[0]) == (0, 1, 0)
    replied = BASE | {"reply": "已修好", "reply_time": "2019-03-05 09:00:00"}
    assert counts(bring([replied])[0]) == (0, 1, 0)
    assert counts(bring([replied, replied])[0]) == (0, 0, 2)
    with cast.everything():
        matter = Matter.objects.get(outside_number="7")
        assert (matter.state, matter.likes, matter.category_id) == (State.FINISHED, 5, "environment")
        assert Step.objects.filter(matter=matter).count() == 5


def test_a_dry_run_holds_up_nobody_who_works_on_what_is_there_already(cast: Cast) -> None:
    bring([BASE])
    with seen() as book, acting_as(actor := system_actor("import")), CaptureQueriesContext(connection) as asked:
        table, row = Messages(actor, book, "table"), Row(2, [])
        table.check(row, {column.name: "" for column in MESSAGES.columns} | BASE)
        table.look([row])
        assert any("outside_number" in one["sql"] for one in asked), "it is looked up whether it is there"
        assert not any("FOR UPDATE" in one["sql"] for one in asked)
        table.store([row])
        assert any("FOR UPDATE" in one["sql"] for one in asked)


def test_one_number_for_two_messages_makes_two_matters(cast: Cast) -> None:
    other = BASE | {"title": "学校补课", "text": "周末还要上课"}
    assert counts(bring([BASE, other])[0]) == (2, 0, 0)
    assert counts(bring([other, BASE])[0]) == (0, 0, 2)


def test_what_cannot_be_right_is_told_by_column(cast: Cast) -> None:
    stored, problems = bring([
        BASE | {"time": "soon"}, BASE | {"number": " "}, BASE | {"text": " ", "title": ""}, BASE | {"likes": "many"},
        BASE | {"reply": "好", "reply_time": ""}, BASE | {"category": "火星"}, BASE | {"area": "nowhere"},
        BASE | {"time": "2999-01-01 00:00"},
    ])  # fmt: skip
    assert counts(stored) == (0, 0, 0)
    assert [list(problem) for problem in problems] == [
        ["time"], ["number"], ["text"], ["likes"], ["reply_time"], ["category"], ["area"], ["time"],
    ]  # fmt: skip


def test_a_township_may_be_named(cast: Cast) -> None:
    bring([BASE | {"area": "T1"}])
    with acting_as(actor := cast.actor("clerk")):
        assert queries.visible_matters(actor).count() == 1


def test_a_batch_costs_the_same_whatever_its_size(cast: Cast) -> None:
    costs = []
    for number in (1, 100):
        rows = [BASE | {"number": f"{number}-{n}"} for n in range(number)]
        with CaptureQueriesContext(connection) as seen_queries:
            bring(rows)
        costs.append(len(seen_queries))
    assert costs == [18, 18]


# of each table of real messages, in their order
MOST = 1500


@pytest.mark.slow
def test_the_real_messages_are_brought_in_and_found(cast: Cast, shared: Path) -> None:
    folder = shared / "data" / "messages"
    totals = {}
    for name in ("messages-with-replies", "citizen-messages", "labelled-messages"):
        stored, problems = bring(list(islice(file_rows(folder / f"{name}.xlsx"), MOST)))
        assert not problems, name
        totals[name] = counts(stored)
    assert totals["messages-with-replies"] == (MOST, 0, 0)
    assert totals["citizen-messages"] == (MOST, 0, 0)
    assert totals["labelled-messages"][0] == 549 - 2
    again, _none = bring(list(file_rows(folder / "labelled-messages.xlsx")))
    assert counts(again) == (0, 0, 549)
    with cast.everything() as actor:
        states = Counter(Matter.objects.values_list("state", flat=True))
        assert states == {State.FINISHED: MOST, State.RECEIVED: MOST + 547}
        assert Matter.objects.filter(category=None).count() < (2 * MOST + 547) * 0.04
        assert Step.objects.filter(move="finish", text="").count() == 0
        found = queries.search(queries.visible_matters(actor), "噪音 小区")
        assert 20 < found.count() < 1000
        told = queries.figures_by(actor, "channel")
        assert (sum(row.received for row in told), sum(row.red for row in told)) == (2 * MOST + 547, 0)
        assert len(queries.figures_by(actor, "month")) > 24
