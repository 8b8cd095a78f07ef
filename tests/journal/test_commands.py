"""``minqing journal``: the operator's commands, in processes as an operator starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from minqing.core.clock import SHANGHAI
from minqing.journal import commands
from minqing.journal.models import Event, Seal
from minqing.journal.sealing import seal_new
from tests.journal.conftest import Write

REQUIRED = {"specversion", "id", "source", "type"}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "minqing", "journal", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=dict(os.environ))


@pytest.mark.fault(28)
def test_seal_and_verify_from_the_shell(write: Write, tamper: Callable[..., None]) -> None:
    events = write(2)
    sealed = run("seal")
    assert sealed.returncode == 0, sealed.stderr
    seal = Seal.objects.get()
    well = run("verify", "--known", f"1:{seal.digest}")
    assert (well.returncode, "Unchanged: 2 events in 1 seals (1 signed)" in " ".join(well.stdout.split())) == (0, True)
    tamper("DELETE FROM journal_event WHERE id = %s", events[0].id)
    ill = run("verify")
    assert ill.returncode == 1
    assert f"{events[0].id}) was removed" in " ".join(ill.stdout.split())


def test_export_writes_cloudevents_one_a_line_and_tells_of_itself(write: Write, tmp_path: Path) -> None:
    write(2, text="两行\n一件")
    write(1, type="other.thing.done")
    file = tmp_path / "events.jsonl"
    result = CliRunner().invoke(commands.app, ["export", "--type", "test.*", "-o", str(file)])
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 2
    first = lines[0]
    stored = Event.objects.order_by("seq")[0]
    assert set(first) >= REQUIRED
    # the specification: names of attributes are lower-case letters and digits, values are never empty
    assert all(name.isalnum() and name.islower() and len(name) <= 20 for name in first)
    assert "purpose" not in first
    assert (first["specversion"], first["id"], first["source"]) == ("1.0", str(stored.id), "/minqing")
    assert (first["sequence"], first["actor"], first["subject"]) == (str(stored.seq), "system:test", "thing:0")
    assert datetime.fromisoformat(first["time"]) == stored.at
    assert first["datacontenttype"] == "application/json"
    assert first["data"] == {"n": 0, "text": "两行\n一件"}
    told = Event.objects.get(type="journal.exported")
    assert told.data == {"events": 2, "since": None, "until": None, "types": ["test.*"]}


def test_export_keeps_to_the_span(write: Write, tmp_path: Path) -> None:
    write(2)
    found = [
        CliRunner().invoke(commands.app, ["export", *span, "-o", str(tmp_path / "x")]).output
        for span in (["--until", "2020-01-01"], ["--since", "2020-01-01"], ["--since", "2999-01-01"])
    ]
    assert [text.strip() for text in found] == ["0 events written.", "3 events written.", "0 events written."]


def test_days_are_local_and_the_last_one_is_whole() -> None:
    assert commands.parse_moment("2026-09-30") == datetime(2026, 9, 30, tzinfo=SHANGHAI)
    assert commands.parse_moment("2026-09-30", whole_day=True) == datetime(2026, 10, 1, tzinfo=SHANGHAI)
    assert commands.parse_moment("2026-09-30T08:00") == datetime(2026, 9, 30, 8, tzinfo=SHANGHAI)
    with pytest.raises(typer.BadParameter, match="no day or moment"):
        commands.parse_moment("yesterday")
    with pytest.raises(typer.BadParameter, match="NUMBER:DIGEST"):
        commands.parse_noted("one")


def test_nothing_new_is_said(empty: None) -> None:
    assert seal_new() is None
    result = CliRunner().invoke(commands.app, ["seal"])
    assert (result.exit_code, result.output.strip()) == (0, "Nothing new to seal.")
