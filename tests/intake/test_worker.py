"""The real worker on the real queue."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from minqing.intake.models import ImportRun
from minqing.intake.tasks import settle_abandoned
from tests.cast import Cast
from tests.embedded import ROOT, VAR
from tests.intake.conftest import person, workbook
from tests.intake.test_pages import upload


def work() -> None:
    command = [sys.executable, "-m", "minqing", "django", "procrastinate", "worker", "--one-shot"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)


def test_the_worker_checks_and_loads_what_the_pages_ask_for(
    committed_cast: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.VAR = VAR
    client = committed_cast.client("clerk")
    answer = client.post(reverse("intake:new"), upload(workbook(tmp_path / "a.xlsx", [person(1)])))
    assert answer.status_code == 302
    work()
    run = ImportRun.objects.get()
    assert (run.state, run.total_rows, run.problem_rows) == ("checked", 1, 0)
    client.post(reverse("intake:load", args=[run.id]), {"mode": "all"})
    work()
    run.refresh_from_db()
    assert (run.state, run.created_rows) == ("done", 1)


@pytest.mark.fault(84)
def test_a_table_whose_job_was_given_up_says_so_on_its_page(
    committed_cast: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.VAR = VAR
    client = committed_cast.client("clerk")
    client.post(reverse("intake:new"), upload(workbook(tmp_path / "a.xlsx", [person(1)])))
    assert settle_abandoned(0) == 0, "its job waits"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = 'intake.check'")
    assert settle_abandoned(0) == 1
    run = ImportRun.objects.get()
    assert (run.state, "中断" in run.message or "broken off" in run.message) == ("failed", True)
    assert settle_abandoned(0) == 0
