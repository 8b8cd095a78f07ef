"""A file is read in a process of its own, which ends with its limits, with its rows and with whoever asked."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.utils import translation

from minqing.core.errors import SheetError
from minqing.core.sheets import Bounds, Field, Limits, read_rows, read_rows_apart
from tests.core import hostile_books as books
from tests.core.old_books import HEADINGS, odd_ods, odd_xls
from tests.core.test_sheets_odd import odd_books
from tests.embedded import ROOT

MB = 1024 * 1024
ANY_RATIO = Limits(ratio=100_000)
FIELDS = [Field("number", ("户号",)), Field("name", ("姓名",), required=True)]


def children() -> set[int]:
    tasks = Path(f"/proc/{os.getpid()}/task")
    return {int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()}


def costly(path: Path, bounds: Bounds) -> SheetError:
    before = children()
    with pytest.raises(SheetError) as caught:
        list(read_rows_apart(path, fields=FIELDS, limits=ANY_RATIO, bounds=bounds).rows)
    assert children() == before, "the other process is gone"
    return caught.value


def test_what_is_read_apart_is_what_is_read(tmp_path: Path) -> None:
    for _name, path, _wanted in [
        *list(odd_books(tmp_path))[:6],
        *list(odd_xls(tmp_path))[:3],
        *list(odd_ods(tmp_path))[:3],
    ]:
        here, apart = read_rows(path, fields=FIELDS), read_rows_apart(path, fields=FIELDS)
        for name in ("name", "headings", "heading_row", "from_1904", "sheets", "warnings"):
            assert list(map(str, [getattr(apart, name)])) == list(map(str, [getattr(here, name)])), (path, name)
        assert list(apart.rows) == list(here.rows), path


def test_what_cannot_be_read_is_told_as_it_is_here_in_the_persons_language(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 damaged")
    for language in ("en", "zh-hans"):
        with translation.override(language):
            with pytest.raises(SheetError) as here:
                read_rows(tmp_path / "a.xlsx")
            with pytest.raises(SheetError) as apart:
                read_rows_apart(tmp_path / "a.xlsx")
            assert (apart.value.code, str(apart.value.sentence)) == (here.value.code, str(here.value.sentence))


@pytest.mark.fault(39)
def test_a_reading_that_takes_too_much_memory_is_stopped(tmp_path: Path) -> None:
    path = books.xlsx(tmp_path / "a.xlsx", books.SHARED * 3, f"<si><t>{'长' * 30_000}</t></si>" * 1_300)
    with translation.override("zh-hans"):
        error = costly(path, Bounds(memory=180 * MB))
        assert "内存" in str(error.sentence)
    assert (error.code, error.http_status) == ("sheet_too_costly", 413)
    assert list(read_rows_apart(path, limits=ANY_RATIO).rows), "it is read where there is memory enough"


@pytest.mark.fault(39)
@pytest.mark.parametrize("memory", [30, 60, 90])
def test_whoever_has_no_memory_even_to_begin_with_a_file_does_not_call_it_damaged(tmp_path: Path, memory: int) -> None:
    path = books.honest(tmp_path / "a.xlsx", 100 * books.KB)
    assert costly(path, Bounds(memory=memory * MB)).code == "sheet_too_costly"


def test_no_module_of_the_folder_it_is_started_in_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = books.honest(tmp_path / "a.xlsx", 10 * books.KB)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [one for one in sys.path if one])
    (tmp_path / "minqing.py").write_text("raise SystemExit(7)")
    (tmp_path / "django.py").write_text("raise SystemExit(7)")
    assert list(read_rows_apart(path, limits=ANY_RATIO).rows)


@pytest.mark.fault(39)
def test_a_reading_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    path = books.honest(tmp_path / "a.xlsx", 30 * MB)
    assert costly(path, Bounds(seconds=1, seconds_a_mb=0)).code == "sheet_too_costly"


def test_a_reading_that_waits_for_ever_is_stopped(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.xlsx")
    assert costly(tmp_path / "a.xlsx", Bounds(seconds=1)).code == "sheet_too_costly"


def test_the_process_ends_when_its_rows_are_dropped_and_knows_no_secret(tmp_path: Path) -> None:
    before = children()
    sheet = read_rows_apart(books.honest(tmp_path / "a.xlsx", 2 * MB), fields=FIELDS)
    (other,) = children() - before
    assert b"MINQING" not in Path(f"/proc/{other}/environ").read_bytes()
    next(sheet.rows)
    del sheet
    gc.collect()
    assert children() == before
    sheet = read_rows_apart(books.honest(tmp_path / "a.xlsx", 2 * MB), fields=FIELDS)
    del sheet
    gc.collect()
    assert children() == before, "also where no row was asked for"


@pytest.mark.fault(46)
def test_the_process_ends_when_who_asked_is_killed(tmp_path: Path) -> None:
    path = books.honest(tmp_path / "a.xlsx", 5 * MB)
    asking = (
        "import sys, time; from django.conf import settings; settings.configure(USE_I18N=False);"
        "from pathlib import Path; from minqing.core.sheets import read_rows_apart;"
        "sheet = read_rows_apart(sys.argv[1]); import os;"
        "print(Path(f'/proc/{os.getpid()}/task/{os.getpid()}/children').read_text(), flush=True); time.sleep(60)"
    )
    asks = subprocess.Popen([sys.executable, "-c", asking, str(path)], cwd=ROOT, stdout=subprocess.PIPE)
    assert asks.stdout
    other = int(asks.stdout.readline())
    asks.send_signal(signal.SIGKILL)
    asks.wait()
    asks.stdout.close()
    until = time.monotonic() + 20
    while Path(f"/proc/{other}").exists() and "Z" not in state_of(other):
        assert time.monotonic() < until, "it goes on"
        time.sleep(0.05)


def state_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_headings_are_known_by_what_they_are_called_in_any_language(tmp_path: Path) -> None:
    rows = "".join(f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>' for text in ("说明", HEADINGS[0], "TX-1"))
    sheet = read_rows_apart(books.xlsx(tmp_path / "a.xlsx", rows), fields=FIELDS)
    assert (sheet.heading_row, [cells for _number, cells in sheet.rows]) == (2, [["TX-1"]])
