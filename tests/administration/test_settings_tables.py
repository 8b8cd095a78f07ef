"""Terms, ladder, reasons to wait and names go out as workbooks, are changed there, tried, and come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from minqing.deadlines import Target
from minqing.deadlines.enums import Rung
from minqing.deadlines.imports import Ladder, Norms, Reasons
from minqing.deadlines.models import Norm, PauseRule
from minqing.deadlines.queries import ladder
from minqing.deadlines.services import set_ladder
from minqing.intake.storage.seen_keys import Seen
from minqing.journal.models import Event
from minqing.localnames.models import LocalName
from minqing.matters.services.periodic import UPKEEP
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.intake.conftest import check, load

KINDS = ("names", "norms", "ladder", "reasons")
PAGES = {"names": "localnames:names", "norms": "deadlines:norms"} | dict.fromkeys(
    ("ladder", "reasons"), "deadlines:ladder"
)
TOLD = (*(f"deadlines.{one}.changed" for one in ("norm", "ladder", "pause_rule")), "localnames.names.changed")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path / "var"


def told() -> int:
    return Event.objects.filter(type__in=TOLD).count()


def taken(cast: Cast, kind: str, folder: Path) -> Path:
    """By the button of the page whose list it is."""
    address = reverse("administration:table", args=[kind])
    client = cast.client("operator")
    assert address in client.get(reverse(PAGES[kind])).content.decode()
    path = folder / f"{kind}.xlsx"
    path.write_bytes(client.get(address).content)
    return path


def changed(path: Path, cells: dict[tuple[str, int], Any]) -> Path:
    """Cells by the code of their row and the number of their column."""
    book = load_workbook(path)
    for row in book.active.iter_rows(min_row=2):
        for (code, column), value in cells.items():
            if row[0].value == code:
                row[column].value = value
    book.save(path)
    return path


def shown(run: Any) -> dict[str, Any]:
    return {name: run.mapping["changes"][name] for name in ("created", "updated")} | {"wrong": run.problem_rows}


@pytest.mark.parametrize("kind", KINDS)
def test_what_goes_out_comes_in_again_without_a_change(cast: Cast, kind: str, tmp_path: Path) -> None:
    path = taken(cast, kind, tmp_path)
    rows = load_workbook(path).active.max_row - 1
    assert rows > 2
    before = told()
    with acting_as(by := cast.actor("operator")):
        run = load(path, by, kind)
    assert (run.created_rows, run.updated_rows, run.unchanged_rows, told()) == (0, 0, rows, before)


def test_a_changed_cell_is_tried_first_and_then_applied(cast: Cast, tmp_path: Path) -> None:
    norm = Norm.objects.filter(room="matters").order_by("pk").first()
    assert norm
    rule = PauseRule.objects.filter(room="matters").order_by("reason").first()
    assert rule
    cells = {
        "norms": {(f"matters.{norm.way}.{norm.kind}", 2): 77},
        "ladder": {("matters.city", 3): 99},
        "reasons": {(f"matters.{rule.reason}", 3): 11},
        "names": {("state.received", 2): "待受理", ("state.assigned", 3): "已派单", ("state.received", 6): "New"},
    }
    with acting_as(by := cast.actor("operator")):
        for kind in KINDS:
            path = changed(taken(cast, kind, tmp_path), cells[kind])
            before, number = told(), 2 if kind == "names" else 1
            assert shown(check(path, by, kind)) == {"created": 0, "updated": number, "wrong": 0}, kind
            assert told() == before, kind
            run = load(path, by, kind)
            assert (run.updated_rows, run.problem_rows) == (number, 0), kind
    norm.refresh_from_db()
    rule.refresh_from_db()
    assert (norm.target.startswith("77"), rule.longest) == (True, 11)
    assert {step.rung: step.after.amount for step in ladder(UPKEEP.book)}[Rung.CITY] == 99
    words = LocalName.objects.order_by("language", "code").values_list("code", "language", "word", "public_word")
    assert list(words) == [
        ("received", "en", "New", ""), ("assigned", "zh-hans", "", "已派单"), ("received", "zh-hans", "待受理", ""),
    ]  # fmt: skip


def test_a_rung_that_somebody_else_changes_meanwhile_stays_as_they_set_it(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = changed(taken(cast, "ladder", tmp_path), {("matters.city", 3): 99})
    book = load_workbook(path)
    for number in range(book.active.max_row, 1, -1):
        if book.active.cell(number, 1).value != "matters.city":
            book.active.delete_rows(number)
    book.save(path)
    asked: list[str] = []

    def while_waiting(name: str) -> None:
        asked.append(name)
        steps = {step.rung: step.after for step in ladder(UPKEEP.book)} | {Rung.HEAD: Target(hours=3)}
        set_ladder(book=UPKEEP.book, steps=steps, by=cast.actor("operator"))

    monkeypatch.setattr("minqing.deadlines.imports.one_at_a_time", while_waiting)
    with acting_as(by := cast.actor("operator")):
        run = load(path, by, "ladder")
    assert (run.updated_rows, set(asked)) == (1, {"matters.ladder"})
    now = {step.rung: step.after for step in ladder(UPKEEP.book)}
    assert (now[Rung.HEAD], now[Rung.CITY].amount) == (Target(hours=3), 99)


@pytest.mark.parametrize("kind", [Norms, Ladder, Reasons])
def test_places_are_asked_for_once_however_many_rows_there_are(cast: Cast, kind: Any) -> None:
    table = kind(cast.actor("operator"), Seen())
    codes = list(table.places())
    with CaptureQueriesContext(connection) as caught:
        table.place_of(codes[0])
        first = len(caught)
        for code in codes:
            assert table.place_of(code) is table.place_of(code)
        assert len(caught) == first


def test_two_words_change_places_and_a_dash_takes_one_away(cast: Cast, tmp_path: Path) -> None:
    with acting_as(by := cast.actor("operator")):
        for first, second in (("甲", "乙"), ("乙", "甲"), ("-", "甲")):
            cells = {("state.received", 2): first, ("state.assigned", 2): second}
            run = load(changed(taken(cast, "names", tmp_path), cells), by, "names")
            assert run.problem_rows == 0
    assert list(LocalName.objects.values_list("code", "word")) == [("assigned", "甲")]


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("norms", {("matters.immediate.nothing", 2): 5}),
        ("norms", {("", 3): "年"}),
        ("ladder", {("matters.city", 3): 0, ("matters.head", 3): 9}),
        ("reasons", {("", 4): "没有的钟"}),
        ("names", {("state.received", 2): "同名", ("state.assigned", 2): "同名"}),
    ],
)
def test_what_cannot_be_is_said_at_its_row(
    cast: Cast, tmp_path: Path, kind: str, cells: dict[tuple[str, int], Any]
) -> None:
    path = taken(cast, kind, tmp_path)
    book = load_workbook(path)
    rows = list(book.active.iter_rows(min_row=2))
    for (code, column), value in cells.items():
        row = next((row for row in rows if row[0].value == code), rows[0])
        row[column].value = value
        row[0].value = code or row[0].value
    book.save(path)
    before = told()
    with acting_as(by := cast.actor("operator")):
        run = check(path, by, kind)
    assert run.problem_rows >= 1
    assert told() == before
