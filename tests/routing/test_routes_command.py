"""``minqing routes``: rules as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from typer.testing import CliRunner, Result

from minqing.routing import commands
from minqing.routing.models import RouteSet
from tests.cast import Cast
from tests.routing.drafting import live
from tests.routing.test_routes import FILE


def run(*words: object) -> Result:
    return CliRunner().invoke(commands.app, [*map(str, words)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_a_file_is_checked_without_a_trace_and_loaded_as_a_draft(committed_cast: Cast, file: Path) -> None:
    assert run("check", file).exit_code == 0
    assert not RouteSet.objects.exists()
    assert run("load", file).exit_code == 0
    assert run("load", file).exit_code == 1, "a draft is there already"
    assert run("load", file, "--replace").exit_code == 0
    assert run("check", file).exit_code == 0, "beside the draft"
    assert RouteSet.objects.get().state == "draft"


def test_a_failing_case_and_a_broken_file_are_told_by_the_exit_code(committed_cast: Cast, file: Path) -> None:
    file.write_text(FILE.replace("unit: U3", "unit: U2"), encoding="utf-8")
    assert run("check", file).exit_code == 3
    file.write_text(FILE.replace("unit: U1", "unit: U7"), encoding="utf-8")
    assert run("check", file).exit_code == 1
    file.write_bytes("规则".encode("gb18030"))
    assert run("check", file).exit_code == 1


def test_what_is_in_force_is_written_out_and_checks(committed_cast: Cast, tmp_path: Path) -> None:
    with transaction.atomic():
        live(committed_cast)
    out = tmp_path / "out.yaml"
    assert run("export", "T1", "--out", out).exit_code == 0
    assert "道路归办公室" in out.read_text(encoding="utf-8")
    assert run("check", out).exit_code == 0
    assert "道路归办公室" in run("export", "T1", "--version", 1).output
    assert run("export", "T2").exit_code == 1
