"""A web server alone has its static files: they are put there before the first page."""

from __future__ import annotations

import runpy
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from minqing.config import static_files
from minqing.config.static_files import collect_static

pytestmark = pytest.mark.fault(139)


def test_of_several_processes_one_puts_them_there_and_a_change_does_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    monkeypatch.setattr("django.core.management.call_command", lambda *words, **options: made.append(words))
    folder = tmp_path / "static"
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(collect_static, [folder] * 3))
    assert made == [("collectstatic",)]
    collect_static(folder)
    assert len(made) == 1
    monkeypatch.setattr(static_files, "static_fingerprint", lambda: "another release")
    collect_static(folder)
    assert len(made) == 2


def test_whatever_serves_the_application_has_them_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """As granian or another server loads it, without `minqing up`."""
    asked: list[Path] = []
    monkeypatch.setattr(static_files, "collect_static", asked.append)
    monkeypatch.setattr("minqing.core.gc_tuning.tune_gc", lambda: None)
    # an earlier test of the same process may have loaded it
    monkeypatch.delitem(sys.modules, "minqing.config.wsgi", raising=False)
    runpy.run_module("minqing.config.wsgi")
    assert asked == [Path(settings.STATIC_ROOT)]
