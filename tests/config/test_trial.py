"""The county while it is broken on purpose: a short run of ``minqing trial faults``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from minqing.config import cli
from minqing.config.cli import trial
from minqing.config.cli.doctor import tell_findings
from minqing.config.trials.afterwards import doctor
from minqing.config.trials.breaking import FAULTS
from minqing.config.trials.county import County
from minqing.config.trials.setting import kinds
from minqing.core.browser import form_of
from minqing.core.health import Finding
from tests.config.test_up import environment
from tests.embedded import ROOT


@pytest.mark.slow
@pytest.mark.fault(66)
@pytest.mark.fault(71)
@pytest.mark.xdist_group("up")
@pytest.mark.skipif(
    not os.environ.get("MINQING_TRIALS"),
    reason="takes three minutes: MINQING_TRIALS=1 runs it; test_up.py and test_queue.py kill each process and job",
)
def test_all_killed_at_once_loses_nothing_and_everything_works_again_by_itself(tmp_path: Path) -> None:
    """One fault, the worst: that of the seed. The others are tried by who calls for more (docs/operations.md)."""
    tmp_path.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "minqing", "trial", "faults", "--seed", "14", "--count", "1", "--once",
         "--json", "--folder", str(tmp_path)],
        env=environment(tmp_path), capture_output=True, text=True, timeout=900, check=False, cwd=ROOT,
    )  # fmt: skip
    told = json.loads(done.stdout)
    # how long it takes says more of the machine than of the code, and is told, not judged
    assert (told["wrong"], [*told["kinds"]]) == ([], ["all at once"]), done.stderr
    assert told["figures"]["reports"] > 3
    assert done.returncode == 0


def test_the_same_seed_breaks_the_same_things() -> None:
    first, second = (Random(3), Random(3))
    names = sorted(FAULTS)
    assert [first.choice(names) for _ in range(50)] == [second.choice(names) for _ in range(50)]


def test_a_form_is_sent_with_all_that_a_browser_would_send() -> None:
    page = """<form action="/a/"><input name=x value=1></form>
    <form action="/m/7/moves/assign/"><input type=hidden name=id value=9>
    <select name=unit><option value="">-<option value=3>U</select><textarea name=note></textarea>
    <input type=radio name=r value=a><input type=radio name=r value=b checked><input type=checkbox name=c></form>"""
    assert form_of(page, "/moves/assign/") == {"id": "9", "unit": "3", "note": "", "r": "b"}
    assert form_of(page, "/none/") == {}


@pytest.mark.parametrize("words", [("faults", "--count", "1"), ("machine", "--faults", "1")])
def test_a_trial_goes_nowhere_near_a_folder_that_holds_something(tmp_path: Path, words: tuple[str, ...]) -> None:
    """It may be a county's: its database would be stopped, and a disk mounted over its data."""
    served = tmp_path / "var" / "pg"
    served.mkdir(parents=True)
    done = CliRunner().invoke(cli.app, ["trial", *words, "--folder", str(tmp_path)])
    assert (done.exit_code, "is not an empty folder" in done.output) == (2, True)
    assert [one.name for one in tmp_path.iterdir()] == ["var"]
    assert list(served.iterdir()) == []


def test_of_a_temporary_folder_the_log_alone_is_kept_where_something_went_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def broken(*left: str) -> None:
        with trial.place(None) as var:
            (var / "pg").mkdir()
            for name in left:
                var.with_name(name).touch()
            raise ZeroDivisionError

    for left in ((), ("var.log",)):
        with pytest.raises(ZeroDivisionError):
            broken(*left)
    assert [one.name for base in tmp_path.iterdir() for one in base.iterdir()] == ["var.log"]
    with trial.place(tmp_path / "new") as var:
        assert list(var.iterdir()) == []
    assert var.exists(), "a folder that was named is the operator's"


class Told(County):
    """A county whose doctor says this."""

    said = ""

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(words, 1 if self.said else 2, self.said, "" if self.said else "no database")


def test_what_the_doctor_finds_is_read_where_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the doctor's own table: it was looked for on stderr, where nothing is."""
    tell_findings([Finding("disk", True, "fine", ""), Finding("rights of the app", False, "too many", "Run: x")])
    printed = capsys.readouterr()
    county = Told(tmp_path, 1)
    county.said = printed.out
    assert (doctor(county), printed.err) == (["rights of the app"], "")
    county.said = ""
    assert doctor(county) == ["itself: no database"]


def test_every_job_of_the_clock_is_asked_for(db: None) -> None:
    asked = kinds()
    assert {"partners.send", "journal.seal", "config.forget_jobs", "matters.call_backs"} <= {
        name for name, one in asked.items() if one["periodic"]
    }
    assert not asked["deadlines.reckon"]["periodic"]
    assert "intake.load" not in asked, "which table?"
