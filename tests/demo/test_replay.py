"""Real messages played through the services: what comes out, once, and that the pages count the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from typer.testing import CliRunner

from minqing.config.cli import app
from minqing.core import clock
from minqing.core.clock import SHANGHAI
from minqing.core.sheets import write_workbook
from minqing.deadlines.enums import Rung
from minqing.demo.board import FILE, Message, Why, read_board
from minqing.demo.services import replay, replay_figures
from minqing.demo.words import MADE_UP_WORD
from minqing.journal.models import Event
from minqing.matters.enums import ClockKind, Mechanism, Move, Source, State
from minqing.matters.models import Clock, Confirmation, Matter, Step
from minqing.matters.queries.performance import Asked, by_unit
from minqing.org.queries import areas_seen, system_actor, work_calendar
from minqing.oversight.queries.periods import Periods
from minqing.oversight.slots import flows
from minqing.privacy.access import transaction_as
from minqing.routing.models import Routing
from minqing.web.overview import Scope
from tests.cast import at
from tests.demo.test_loading import looking
from tests.embedded import ROOT
from tests.village import laid_out

# played once, in the process that has the village
pytestmark = pytest.mark.xdist_group("village")
NOW = at("2026-10-08 09:00")
HEADINGS = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")
TEXTS = (
    ("小区电梯经常停运", "业主多次反映，物业公司不维修电梯，老人上下楼困难。"),
    ("道路坑洼积水", "公交车站旁的道路坑洼不平，下雨积水严重，希望修路。"),
    ("学校周边噪音扰民", "工地夜间施工噪音很大，孩子睡不好，希望环保部门处理。"),
    ("您好", "想问一下。"),
)
# days from the message to its reply: most within the promise, some after it, one after months
DAYS = (1, 3, 6, 12, 30, 0, 45, 200)


def rows_of(count: int) -> Iterator[tuple[str, ...]]:
    """``count`` messages from March 2019 on, three a week, in no order."""
    for n in sorted(range(count), key=lambda n: n * 7 % count):
        sent = datetime(2019, 3, 4, 8 + n % 12, n % 60, tzinfo=SHANGHAI) + timedelta(days=2 * n)
        replied = sent + timedelta(days=DAYS[n % len(DAYS)], minutes=20)
        title, text = TEXTS[n % len(TEXTS)]
        yield (
            str(1000 + n), f"A{n:05d}", f"{title}（{n}）", told(sent), text,
            f"网友您好，第{n}条已办理。", told(replied),
        )  # fmt: skip


def told(moment: datetime) -> str:
    return f"{moment.year}/{moment.month}/{moment.day} {moment.hour}:{moment:%M:%S}"


def workbook(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    write_workbook(path, HEADINGS, rows)
    return path


# reading


def changed(**cells: str) -> tuple[str, ...]:
    row = dict(
        zip(HEADINGS, ("7", "A1", "路灯不亮", "2019/3/4 9:00:00", "坏了。", "已修好。", "2019/3/5 9:00"), strict=True)
    )
    return tuple((row | cells).values())


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (changed(留言编号=""), Why.NO_NUMBER),
        (changed(留言主题="", 留言详情=""), Why.NO_TEXT),
        (changed(留言时间="昨天"), Why.NO_TIME),
        (changed(答复意见=" "), Why.NO_REPLY),
        (changed(答复时间=""), Why.NO_REPLY_TIME),
        (changed(答复时间="2019/3/3 9:00"), Why.BEFORE),
        (changed(答复时间="2031/3/3 9:00"), Why.FUTURE),
    ],
)
def test_a_row_that_cannot_be_played_is_counted_under_its_reason(
    tmp_path: Path, row: tuple[str, ...], why: Why
) -> None:
    read = read_board(workbook(tmp_path / "one.xlsx", [row, changed(留言编号="8")]), now=NOW)
    assert (read.skipped, [one.number for one in read.messages], read.rows) == ({why: 1}, ["8"], 2)


def test_a_number_used_twice_is_played_once(tmp_path: Path) -> None:
    read = read_board(workbook(tmp_path / "two.xlsx", [changed(), changed(留言主题="别的")]), now=NOW)
    assert (len(read.messages), read.skipped) == (1, {Why.TWICE: 1})


def test_messages_are_played_in_the_order_of_their_times_from_a_day_on_and_no_more_than_asked(tmp_path: Path) -> None:
    path = workbook(tmp_path / "many.xlsx", list(rows_of(20)))
    whole = read_board(path, now=NOW).messages
    assert [one.number for one in whole] == [str(1000 + n) for n in range(20)]
    some = read_board(path, now=NOW, since=date(2019, 3, 8), limit=3).messages
    assert [one.number for one in some] == ["1002", "1003", "1004"]


# playing


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> list[Message]:
    path = workbook(tmp_path_factory.mktemp("board") / "forty.xlsx", list(rows_of(40)))
    return read_board(path, now=NOW).messages


@pytest.fixture(scope="module")
def played(messages: list[Message], django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Message]]:
    """Forty made-up messages, played in two runs, the first of which was cut off after some."""
    with laid_out(django_db_blocker):
        replay(messages[:15])
        first = replay(messages)
        assert first.moves[Move.RECEIVE] == 25
        yield messages


def matters(played: Sequence[Message]) -> dict[str, Matter]:
    return {str(one.outside_number): one for one in Matter.objects.filter(id__in=[message.id for message in played])}


def test_every_message_is_answered_with_its_own_reply_at_its_own_time(played: list[Message]) -> None:
    with looking():
        found = matters(played)
        assert len(found) == 40
        for message in played:
            matter = found[message.number]
            steps = list(Step.objects.filter(matter=matter).order_by("at", "id").exclude(move=Move.ESCALATE))
            assert Counter(step.move for step in steps) == Counter(["receive", "assign", "accept", "finish"])
            assert (matter.state, matter.received_at, matter.finished_at) == (
                State.FINISHED, message.at, message.replied_at,
            )  # fmt: skip
            answer = next(step for step in steps if step.move == Move.FINISH)
            assert (answer.text, answer.at) == (message.reply, message.replied_at)
            assert all(message.at <= step.at <= message.replied_at for step in steps)


def test_nobody_is_said_to_be_satisfied_who_was_not_asked(played: list[Message]) -> None:
    with looking():
        assert not Confirmation.objects.filter(matter__in=[one.id for one in played]).exists()


def test_no_clock_of_an_answered_matter_runs_on(played: list[Message]) -> None:
    with looking():
        clocks = Clock.objects.filter(matter__in=[one.id for one in played])
        assert clocks.filter(kind=ClockKind.FINISH.value).count() == 40
        assert not Matter.objects.filter(mechanism=Mechanism.SUPERVISED.value, supervisions=None).exists()
        assert not clocks.filter(stopped_at=None).exists()


def test_what_was_late_was_carried_up_as_far_as_its_delay_reaches(played: list[Message]) -> None:
    with looking():
        found = matters(played)
        for message in played:
            matter = found[message.number]
            assert matter.due_at is not None
            late = message.replied_at - matter.due_at
            if late <= timedelta():
                assert matter.rung == Rung.OFFICER
            elif late > timedelta(days=30):
                assert matter.rung == Rung.CITY
        assert {one.rung for one in found.values()} >= {Rung.OFFICER, Rung.CITY}


def test_a_second_run_adds_nothing(played: list[Message]) -> None:
    def counts() -> list[int]:
        with looking():
            return [model.objects.count() for model in (Matter, Step, Clock, Event)]

    before = counts()
    again = replay(played)
    assert (again.moves.total(), again.climbed, again.drawn, counts()) == (0, 0, 0, before)


def test_the_figures_are_those_of_the_workbook(played: list[Message]) -> None:
    figures = replay_figures(played, now=NOW)
    calendar = work_calendar_now()
    days = [calendar.working_days_between(one.at, one.replied_at) for one in played]
    assert (figures.received, figures.assigned, figures.answered, figures.confirmed) == (40, 40, 40, 0)
    assert figures.working_days_median == median(days)
    assert (figures.in_time + figures.late, figures.overdue) == (40, 0)
    assert figures.long == sum(one.replied_at - one.at > timedelta(days=90) for one in played)
    assert figures.early == 0
    with looking():
        agreed = [one for one in Routing.objects.filter(matter__in=[one.id for one in played]) if one.suggested_id]
        assert figures.as_suggested == len(agreed) < 40


def work_calendar_now() -> Any:
    with looking():
        return work_calendar()


def on_the_wall(asked: Asked) -> Counter[str]:
    """The sums of its columns."""
    rows = by_unit(asked)
    return Counter(
        {cell.measure.part: sum(row.cells[place].part for row in rows) for place, cell in enumerate(rows[0].cells)}
    )


def test_the_leaders_page_and_the_figures_of_matters_count_the_same(played: list[Message]) -> None:
    own = replay_figures(played, now=NOW)
    first, last = played[0].at, max(one.replied_at for one in played)
    with transaction_as(system_actor("test")) as by:
        told = on_the_wall(Asked(actor=by, since=first.date(), until=last.date(), now=NOW))
        scope = Scope(by, first.date(), last.date(), NOW, areas=areas_seen(by))
        page = [stat.value for stat in flows(Periods(scope))]
    assert (told["held"], told["answered"], told["in_time"]) == (own.received, own.answered, own.in_time)
    # received and finished in those days
    assert page[:2] == [own.received, own.answered]


def test_made_up_reporters_are_marked_as_made_up(played: list[Message]) -> None:
    """The last of this module: it adds to what the others look at."""
    done = replay(played, made_up=True)
    with looking():
        words = list(Confirmation.objects.filter(matter__in=[one.id for one in played]))
        assert 0 < len(words) == done.moves.total() < 40
        assert {(one.by, one.text, one.source) for one in words} == {
            ("system:demo.replay.made_up", MADE_UP_WORD, Source.BOARD)
        }
        assert Matter.objects.filter(id__in=[one.id for one in played], state=State.CONFIRMED).count() == len(words)
    assert replay_figures(played, now=NOW).confirmed == len(words)


# the command


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "minqing", "demo", "replay", *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200"} | environment,
        capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip


def test_the_command_must_be_told_where_the_messages_are() -> None:
    done = CliRunner().invoke(app, ["demo", "replay"], env={"MINQING_SHARED": ""})
    assert done.exit_code == 2
    assert "--data" in done.output


def test_without_the_messages_the_command_says_where_it_looked(played: list[Message], tmp_path: Path) -> None:
    done = run(MINQING_SHARED=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"There are no messages to play: {tmp_path / FILE} is not there." in done.stderr


def test_the_command_plays_the_real_messages_and_prints_figures(played: list[Message], shared: Path) -> None:
    done = run("--limit", "40", "--json", MINQING_SHARED=str(shared))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["rows"], told["received"], told["answered"], told["reporters"]) == (2316, 40, 40, "silent")
    assert told["new"] + told["skipped"].get("imported before", 0) == 40
    read = read_board(shared / FILE, now=clock.now(), limit=40)
    with transaction_as(system_actor("test")) as by:
        first, last = read.messages[0].at.date(), read.messages[-1].at.date()
        wall = on_the_wall(Asked(actor=by, since=first, until=last, now=clock.now()))
    assert (wall["held"], wall["answered"], wall["in_time"]) == (told["received"], told["answered"], told["in_time"])
