"""Tables as clerks make them, and short ways to check and load one."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from stdnum.cn import ric

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.intake.enums import Mode
from minqing.intake.models import ImportRun
from minqing.intake.services import ask_to_load, check_run, load_run, receive_table
from tests.cast import Cast

HEADINGS = (
    "乡镇",
    "村社",
    "户号",
    "户主",
    "姓名",
    "性别",
    "身份证号",
    "与户主关系",
    "联系电话",
    "门牌地址",
    "标签",
    "备注",
)


def identity(serial: int, *, born: str = "19720315") -> str:
    """A made-up identity number with the right check digit."""
    front = f"330683{born}{serial:03d}"
    return front + ric.calc_check_digit(front + "0")


def person(n: int, *, household: str = "", name: str = "", **cells: str) -> list[str]:
    """One row under :data:`HEADINGS`; ``cells`` by heading replace what is made up."""
    number = household or f"TX-{n:06d}"
    row = {
        "乡镇": "石璜镇", "村社": "棠溪村", "户号": number, "户主": "", "姓名": name or f"张国{chr(0x4E00 + n % 5000)}",
        "性别": "", "身份证号": identity(n % 1000, born=f"{1930 + n // 1000 % 80}0{1 + n // 80_000 % 9}11"),
        "与户主关系": "户主", "联系电话": f"138{n:08d}", "门牌地址": f"溪边路{n}号", "标签": "", "备注": "",
    }  # fmt: skip
    return list((row | cells).values())


def workbook(path: Path, rows: Sequence[Sequence[object]], headings: Sequence[str] = HEADINGS, title: str = "") -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    if title:
        page.append([title])
        page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(headings))
    page.append(list(headings))
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def csv_file(path: Path, rows: Sequence[Sequence[object]], encoding: str = "utf-8", end: str = "\r\n") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, lineterminator=end)
        writer.writerow(HEADINGS)
        writer.writerows(rows)
    return path


def receive(path: Path, by: Actor, kind: str = "households") -> ImportRun:
    run, _made = receive_table(id=new_id(), kind=kind, chunks=[path.read_bytes()], name=path.name, by=by)
    return run


def check(path: Path, by: Actor, kind: str = "households") -> ImportRun:
    return check_run(run=receive(path, by, kind), by=by)


def load(path: Path, by: Actor, kind: str = "households", mode: Mode = Mode.ALL) -> ImportRun:
    run = check(path, by, kind)
    ask_to_load(run=run, mode=mode, by=by)
    return load_run(run=run, by=by)


def chosen(page: Any, **other: str) -> dict[str, str]:
    """What a browser would send of the form of columns on ``page``; ``other`` by the field's name."""
    form = page.context["form"]
    sent = {bound.name: "" if bound.value() is None else str(bound.value()) for bound in form}
    return sent | {f"column_{name}": place for name, place in other.items()}


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    return cast.actor("clerk")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: object) -> None:
    settings.VAR = tmp_path / "var"  # type: ignore[attr-defined]


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    def make(*rows: Sequence[object], **options: object) -> Path:
        return workbook(tmp_path / "户情表.xlsx", rows, **options)  # type: ignore[arg-type]

    return make
