"""A table of matters that a clerk hands in becomes received matters, each once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.deadlines import Target
from minqing.deadlines import services as deadlines
from minqing.deadlines.enums import Rung
from minqing.intake.enums import Mode
from minqing.intake.kinds import Row
from minqing.intake.models import ImportRun
from minqing.intake.services import ask_to_load, load_run
from minqing.intake.storage.seen_keys import seen
from minqing.journal.models import Event
from minqing.matters import queries
from minqing.matters.enums import Channel, State
from minqing.matters.imports import MATTERS
from minqing.matters.imports.checking import read_time
from minqing.matters.imports.handed import HandedIn
from minqing.matters.models import Clock, Matter, Reporter
from minqing.matters.queries.clocks import CLOCKS
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast, at
from tests.intake.conftest import check, workbook

pytestmark = pytest.mark.django_db
HEADINGS = ("标题", "内容", "村", "反映人", "电话", "时间", "类别", "来源编号")
ROW = ("路灯不亮", "村口路灯坏了三天。", "棠溪村", "张国强", "13800000000", "2026-10-08 08:30", "道路", "SH-018")


def bring(cast: Cast, *rows: dict[str, str], role: str = "clerk") -> tuple[Any, list[dict[str, Any]]]:
    """One pass over ``rows``: what was stored, and the problems of those that were not."""
    actor = cast.actor(role)
    empty = {column.name: "" for column in MATTERS.columns}
    with seen() as book, acting_as(actor):
        table = HandedIn(actor, book)
        made = [Row(number, []) for number, _cells in enumerate(rows, 2)]
        for row, cells in zip(made, rows, strict=True):
            table.check(row, empty | cells)
        table.look([row for row in made if not row.problems])
        right = [row for row in made if not row.problems]
        return table.store(right), [row.problems for row in made if row.problems]


def given(**cells: str) -> dict[str, str]:
    return {"text": "村口路灯坏了三天。", "village": "棠溪村"} | cells


def test_a_workbook_goes_through_dry_run_and_load_and_waits_to_be_sorted(
    cast: Cast, tmp_path: Path, settings: Any
) -> None:
    file = workbook(tmp_path / "matters.xlsx", [ROW, ("", "只有内容", "V2", "", "", "", "", "")], HEADINGS)
    settings.VAR = tmp_path / "var"
    run = check(file, cast.actor("clerk"), MATTERS.code)
    assert (run.total_rows, run.problem_rows) == (2, 0), run.problems
    with cast.everything():
        assert not Matter.objects.exists()
    ask_to_load(run=run, mode=Mode.ALL, by=cast.actor("clerk"))
    load_run(run=run, by=cast.actor("clerk"))
    with cast.everything():
        first, second = Matter.objects.order_by("received_at")
        assert Reporter.objects.get().phone == "13800000000"
    assert (first.channel, first.state, first.category_id) == (Channel.SHEET, State.RECEIVED, "road")
    assert first.received_at == at("2026-10-08 08:30")
    assert (second.title, second.area) == ("只有内容", cast.other)
    assert Event.objects.filter(type="matters.matter.received").count() == 2
    with acting_as(actor := cast.actor("clerk")):
        assert queries.to_triage(actor).count() == 2


@pytest.mark.parametrize(("choice", "late"), [("", False), ("loading", False), ("table", True)])
def test_the_terms_of_old_matters_count_from_when_they_are_loaded_or_as_the_clerk_chooses(
    cast: Cast, tmp_path: Path, settings: Any, choice: str, late: bool
) -> None:
    """A county brings what has lain in its books: nothing of it is overdue because it is old."""
    settings.VAR = tmp_path / "var"
    rows = [(*ROW[:5], time, ROW[6], f"SH-{n}") for n, time in enumerate(("2024-03-05 09:00", "2025-05-06", ""))]
    run = check(workbook(tmp_path / "old.xlsx", rows, HEADINGS), cast.actor("clerk"), MATTERS.code)
    client, page = cast.client("clerk"), reverse("intake:run", args=[run.id])
    shown = client.get(page).content.decode()
    assert "2 件导入后即超期" in shown
    assert shown.index('value="loading" checked') < shown.index('value="table"')
    sent = {"mode": "all"} | ({"choice": choice} if choice else {})
    assert client.post(reverse("intake:load", args=[run.id]), sent).status_code == 302
    load_run(run=run, by=cast.actor("clerk"))
    with cast.everything():
        told = list(Matter.objects.order_by("outside_number").values_list("received_at", "due_at"))
    assert [due < clock.now() for _at, due in told] == [late, late, False]
    assert told[0][0] == at("2024-03-05 09:00"), "when it was said stays as it was"
    assert deadlines.escalate_due(by=system_actor("test")) == 0, "nobody above hears of old ones at once"
    another = {Rung.HEAD: Target(days=0), Rung.TOWNSHIP: Target(days=1), Rung.CITY: Target(days=2)}
    deadlines.set_ladder(book=CLOCKS, steps=another, by=cast.actor("operator"))
    assert deadlines.escalate_due(by=system_actor("test")) == 0, "nor by another ladder"
    with cast.everything():
        first = Clock.objects.filter(kind="assign").order_by("started_at")[0]
    if late:
        hears = first.escalate_at or clock.now()
        assert clock.now() < hears <= clock.now() + timedelta(days=14), "the next working day is after any holidays"
        assert deadlines.escalate_due(by=system_actor("test"), at=hears + timedelta(minutes=1)) == 3
        with cast.everything():
            assert set(Matter.objects.values_list("rung", flat=True)) == {Rung.HEAD}, "rung by rung from there"
    again = check(workbook(tmp_path / "again.xlsx", rows[:2], HEADINGS), cast.actor("clerk"), MATTERS.code)
    assert not again.mapping["warned"], "what is there already is not loaded once more"


def test_of_a_load_that_was_cut_off_the_choice_is_told_and_offered_no_more(
    cast: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.VAR = tmp_path / "var"
    rows = [(*ROW[:5], "2024-03-05 09:00", ROW[6], f"SH-{n}") for n in range(2)]
    run = check(workbook(tmp_path / "old.xlsx", rows, HEADINGS), cast.actor("clerk"), MATTERS.code)
    client, page = cast.client("clerk"), reverse("intake:run", args=[run.id])
    client.post(reverse("intake:load", args=[run.id]), {"mode": "all", "choice": "table"})
    # the worker could not go on after the first row
    ImportRun.objects.filter(pk=run.id).update(state="failed", done_rows=1, created_rows=1)
    shown = client.get(page).content.decode()
    assert 'name="choice"' not in shown
    assert "从表中的时间起算" in shown
    assert "从导入时起算" not in shown
    client.post(reverse("intake:load", args=[run.id]), {"mode": "all", "choice": "loading"})
    run.refresh_from_db()
    assert (run.state, run.choice) == ("loading", "table")


def test_brought_again_nothing_is_doubled_with_a_number_or_without(cast: Cast) -> None:
    rows = [given(number="018"), given(phone="138 0000 0000"), given(phone="13800000000")]
    assert bring(cast, *rows)[0].created == 2
    again = bring(cast, *rows, given(number="018", text="同号改了字"))[0]
    assert (again.created, again.unchanged) == (0, 4)


def test_two_townships_may_number_their_rows_alike(cast: Cast) -> None:
    assert bring(cast, given(number="1"))[0].created == 1
    assert bring(cast, given(number="1", village="黄泥桥村"), role="far_clerk")[0].created == 1


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"text": ""}, "text"),
        ({"village": ""}, "village"),
        ({"village": "黄泥桥村"}, "village"),
        ({"village": "V3"}, "village"),
        ({"time": "昨天"}, "time"),
        ({"time": "2199-01-01"}, "time"),
        ({"category": "没有这类"}, "category"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_at_its_cell(cast: Cast, cells: dict[str, str], field: str) -> None:
    stored, problems = bring(cast, given(**cells))
    assert stored.created == 0
    assert list(problems[0]) == [field]
    assert str(problems[0][field])


@pytest.mark.fault(117)
def test_what_is_no_telephone_number_is_told_and_kept_and_the_report_is_taken(
    cast: Cast, tmp_path: Path, settings: Any
) -> None:
    rows = [(*ROW[:4], phone, *ROW[5:7], f"SH-{n}") for n, phone in enumerate(("未知", "13800000000", "12"))]
    settings.VAR = tmp_path / "var"
    run = check(workbook(tmp_path / "matters.xlsx", rows, HEADINGS), cast.actor("clerk"), MATTERS.code)
    assert (run.total_rows, run.problem_rows) == (3, 0), run.problems
    (told,) = run.mapping["warnings"]
    assert "电话" in told
    assert ("2" in told, "4" in told, "未知" in told) == (True, True, False)
    ask_to_load(run=run, mode=Mode.ALL, by=cast.actor("clerk"))
    load_run(run=run, by=cast.actor("clerk"))
    with cast.everything():
        reached = [(one.phone, one.contact) for one in Reporter.objects.order_by("matter__outside_number")]
    assert reached == [("", "未知"), ("13800000000", ""), ("", "12")]
    again = check(workbook(tmp_path / "again.xlsx", rows, HEADINGS), cast.actor("clerk"), MATTERS.code)
    assert again.problem_rows == 0


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026.10.8", "2026-10-08 00:00"),
        ("20261008", "2026-10-08 00:00"),
        ("2026年10月8号", "2026-10-08 00:00"),
        ("2026年10月8日 上午9点", "2026-10-08 09:00"),
        ("2026年10月8日下午3点半", "2026-10-08 15:30"),
        ("2026-10-8 晚上8时5分", "2026-10-08 20:05"),
        ("2026/10/8 中午12:10", "2026-10-08 12:10"),
        ("2026/10/8 8:05:00 PM", "2026-10-08 20:05"),
        ("2026/10/8 12:05 AM", "2026-10-08 00:05"),
        ("2026年10月8日凌晨12点半", "2026-10-08 00:30"),
        ("2026年10月8日 晚上12点", None),
        ("2026年10月8日 晚上1点", None),
        ("10月8日", None),
        ("2026-10-08 9", None),
        ("2026-13-40", None),
    ],
)
def test_a_time_is_read_as_clerks_write_it_and_never_guessed(written: str, meant: str | None) -> None:
    found = read_time(written)
    assert (found and found.strftime("%Y-%m-%d %H:%M")) == meant


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("10月8日", "这里没写年份。请写明年月日，例如 2026-05-03。"),
        ("10.8 8:30", "这里没写年份。请写明年月日，例如 2026-05-03。"),
        ("26-5-3", "年份请写四位数，例如 2026-05-03。"),
        ("昨天", "这不是时间。请写成 2026-05-03 或 2026-05-03 08:30 这样。"),
        ("2199-01-01", "这个时间还没到，请核对。"),
    ],
)
def test_what_is_wrong_with_a_time_is_named(cast: Cast, written: str, said: str) -> None:
    assert [str(one["time"]) for one in bring(cast, given(time=written))[1]] == [said]


def test_a_missing_column_is_named_as_it_is_to_be_written(cast: Cast, tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path / "var"
    run = check(workbook(tmp_path / "m.xlsx", [("路灯", "x")], ("标题", "爱好")), cast.actor("clerk"), MATTERS.code)
    assert run.state == "refused"
    assert run.message == "缺少这些列：内容、村。请指明文件的哪一列是它，或者补上再传一次。"
    assert run.mapping["missing"] == ["内容", "村"]


def test_the_village_is_found_without_its_last_word_and_at_the_beginning_of_a_place(cast: Cast) -> None:
    cells = [{"village": "", "place": place} for place in ("棠溪", "棠溪村大会堂门口", "棠溪村")]
    stored, problems = bring(cast, *(given(text=f"第{n}件", **one) for n, one in enumerate(cells)))
    assert (stored.created, problems) == (3, [])
    with cast.everything():
        rows = Matter.objects.order_by("title").values_list("area__name", "place")
        assert list(rows) == [("棠溪村", "棠溪"), ("棠溪村", "棠溪村大会堂门口"), ("棠溪村", "")]
    assert bring(cast, given(village="", place="不知道哪里"))[1][0].keys() == {"village"}


def test_the_same_words_at_two_places_of_a_village_are_two_matters(cast: Cast) -> None:
    stored, _problems = bring(cast, given(place="东头"), given(place="西头"), given(place="西头"))
    assert (stored.created, stored.unchanged) == (2, 1)


def test_a_file_with_headings_on_two_rows_and_places_in_one_column_is_understood(
    cast: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.VAR = tmp_path / "var"
    rows = [
        ("", "姓名", "联系电话", "", "", ""),
        (1, "张国强", 13800000000, "棠溪村大会堂", "路灯坏了\n三天没人修", "2026.10.8"),
    ]
    file = workbook(tmp_path / "matters.xlsx", rows, ("序号", "反映人", "", "地点", "反映内容", "反映时间"))
    run = check(file, cast.actor("clerk"), MATTERS.code)
    assert (run.total_rows, run.problem_rows) == (1, 0), run.problems
    columns = dict(run.mapping["columns"])
    assert columns.keys() == {"姓名", "联系电话", "地点", "反映内容", "反映时间"}
    assert run.mapping["heading_row"] == 2
