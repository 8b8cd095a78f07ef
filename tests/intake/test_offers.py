"""What is offered of a table that is brought is allowed and done, and no more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from minqing.core.actor import Actor
from minqing.intake.enums import Mode, RunState
from minqing.intake.kinds import KINDS, kinds_for
from minqing.intake.models import ImportRun
from minqing.intake.rules import may_load
from minqing.privacy.access import acting_as
from tests.architecture.offers import Key, Scene, walk
from tests.cast import Cast
from tests.intake.conftest import HEADINGS, check, csv_file, load, person, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.fault(88), pytest.mark.fault(93)]
Rule = Callable[[Actor], Any]
Acts = dict[Key, Rule]

# tables: everybody sees the own ones


def table(state: RunState, *, wrong: bool = False) -> Callable[[Cast, Path], Scene]:
    def made(cast: Cast, folder: Path) -> Scene:
        clerk = cast.actor("clerk")
        rows = [person(1), person(2, **({"身份证号": "330683199903"} if wrong else {}))]
        # without a heading that is known
        headings = ("x", "y") if state is RunState.REFUSED else HEADINGS
        path = workbook(folder / "户情.xlsx", rows, headings)
        with acting_as(clerk):
            run: ImportRun = load(path, clerk) if state is RunState.DONE else check(path, clerk)
        assert run.state == state, run.message
        acts: Acts = {}
        if state in {RunState.CHECKED, RunState.DONE}:
            facts: Any = {"state": state, "total": run.total_rows, "wrong": run.problem_rows}
            # where all can be loaded, those that are right are all
            mode = Mode.ALL if may_load(mode=Mode.ALL, **facts) else Mode.VALID
            own: Rule = lambda actor: actor.id == run.by and may_load(mode=mode, **facts)  # noqa: E731
            acts["intake:load", str(run.pk), mode.value] = own
        return Scene([reverse("intake:run", args=[run.pk])], acts)

    return made


def sheets(cast: Cast, folder: Path) -> Scene:
    from openpyxl import load_workbook

    clerk = cast.actor("clerk")
    path = workbook(folder / "户情.xlsx", [person(1)])
    book = load_workbook(path)
    book.create_sheet("第二页").append(["户号"])
    book.save(path)
    with acting_as(clerk):
        run = check(path, clerk)
    key = str(run.pk)
    own: Rule = lambda actor: actor.id == run.by  # noqa: E731
    taken = run.layout["columns"]
    columns = {f"column_{one.name}": str(taken.get(one.name, "")) for one in KINDS.of(run.kind).columns}
    return Scene(
        [reverse("intake:run", args=[run.pk]), reverse("intake:columns", args=[run.pk])],
        {("intake:columns", key): own, ("intake:load", key, "all"): own},
        {"intake:columns": columns},
    )


def bringing(cast: Cast, folder: Path) -> Scene:
    content = csv_file(folder / "户情.csv", [person(1)]).read_bytes()
    return Scene(
        [reverse("intake:new")],
        {("intake:new",): kinds_for},
        {"intake:new": {"file": lambda: SimpleUploadedFile("户情.csv", content)}},
    )


TABLES: dict[str, Callable[[Cast, Path], Scene]] = {
    "right": table(RunState.CHECKED),
    "with a wrong row": table(RunState.CHECKED, wrong=True),
    "refused": table(RunState.REFUSED),
    "loaded": table(RunState.DONE),
    "of several sheets": sheets,
    "to bring": bringing,
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_loaded_by_whom_it_is_offered(cast: Cast, name: str, tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path / "var"
    wrong = walk(cast, TABLES[name](cast, tmp_path))
    assert not wrong, "\n".join(wrong)
