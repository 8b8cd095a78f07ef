"""The same of what goes from one state to another: publications, tables that are brought."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.intake.enums import Mode, RunState
from minqing.intake.kinds import kinds_for
from minqing.intake.models import ImportRun
from minqing.intake.rules import may_load
from minqing.matters.models import Matter
from minqing.privacy.access import acting_as
from minqing.publications import rules as publishing
from minqing.publications import services as public
from minqing.publications.enums import Act, Stage
from minqing.publications.lifecycle import PUBLICATION
from minqing.publications.models import Publication
from minqing.publications.queries.drafts import publishable
from tests.architecture.offers import Key, Scene, walk
from tests.cast import Cast, category
from tests.intake.conftest import HEADINGS, check, csv_file, load, person, workbook
from tests.publications.test_publication import TEXTS, solved

pytestmark = [pytest.mark.django_db, pytest.mark.fault(88), pytest.mark.fault(93)]
Rule = Callable[[Actor], Any]
Acts = dict[Key, Rule]

# publications: what the clerk wrote, the leader reads

WAYS: dict[Stage | None, tuple[Act, ...]] = {
    None: (),
    Stage.DRAFT: (Act.PREPARE,),
    Stage.REVIEWED: (Act.PREPARE, Act.REVIEW),
    Stage.PUBLISHED: (Act.PREPARE, Act.REVIEW, Act.PUBLISH),
    Stage.WITHDRAWN: (Act.PREPARE, Act.WITHDRAW),
}


def brought(cast: Cast, matter: Matter, way: tuple[Act, ...]) -> Publication | None:
    row: Publication | None = None
    for act in way:
        by = cast.actor("leader" if act is Act.REVIEW else "clerk")
        with acting_as(by):
            if act is Act.PREPARE:
                row = public.prepare_publication(id=new_id(), matter=matter, by=by, **TEXTS)
            elif act is Act.WITHDRAW:
                assert row
                row = public.withdraw_publication(publication=row, by=by)
            else:
                assert row
                verb: Any = public.review_publication if act is Act.REVIEW else public.publish
                row = verb(publication=row, version=row.version, by=by)
    return row


def publication(stage: Stage | None, *, sensitive: bool = False) -> Callable[[Cast], Scene]:
    """``sensitive``: it was sorted into what is not published, after the text was written."""

    def made(cast: Cast) -> Scene:
        matter = solved(cast)
        row = brought(cast, matter, WAYS[stage])
        if sensitive:
            with cast.everything():
                Matter.objects.filter(pk=matter.pk).update(category=category("private", publishable=False))
                matter = Matter.objects.select_related("category").get(pk=matter.pk)

        def may(act: Act) -> Rule:
            def rule(actor: Actor) -> Any:
                with cast.everything():
                    fits = publishable(matter) or act is Act.WITHDRAW
                by = row.prepared_by_id if row else None
                return fits and publishing.may(act, actor, stage=stage, area_id=matter.area_id, prepared_by=by)

            return rule

        acts: Acts = {}
        for act in Act:
            name = "text" if act is Act.PREPARE else "act"
            pressed = () if act is Act.PREPARE else (act.value,)
            if PUBLICATION.target(stage, act):
                acts[f"publications:{name}", str(matter.pk), *pressed] = may(act)
        page = reverse("publications:text", args=[matter.pk])
        return Scene(pages=[page], acts=acts, filled={"publications:text": {**TEXTS, "title": "路灯换新了"}})

    return made


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
    return Scene(
        [reverse("intake:run", args=[run.pk])],
        {("intake:sheet", key): own, ("intake:load", key, "all"): own},
        {"intake:sheet": {"sheet": "第二页"}},
    )


def bringing(cast: Cast, folder: Path) -> Scene:
    content = csv_file(folder / "户情.csv", [person(1)]).read_bytes()
    return Scene(
        [reverse("intake:new")],
        {("intake:new",): kinds_for},
        {"intake:new": {"file": lambda: SimpleUploadedFile("户情.csv", content)}},
    )


SCENES: dict[str, Callable[[Cast], Scene]] = {
    **{f"publication {stage}": publication(stage) for stage in WAYS},
    "draft of what is not published": publication(Stage.DRAFT, sensitive=True),
    "reviewed, of what is not published": publication(Stage.REVIEWED, sensitive=True),
}
TABLES: dict[str, Callable[[Cast, Path], Scene]] = {
    "right": table(RunState.CHECKED),
    "with a wrong row": table(RunState.CHECKED, wrong=True),
    "refused": table(RunState.REFUSED),
    "loaded": table(RunState.DONE),
    "of several sheets": sheets,
    "to bring": bringing,
}


@pytest.mark.parametrize("name", SCENES)
def test_what_is_offered_is_allowed_and_done_and_nothing_else(cast: Cast, name: str) -> None:
    wrong = walk(cast, SCENES[name](cast))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_loaded_by_whom_it_is_offered(cast: Cast, name: str, tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path / "var"
    wrong = walk(cast, TABLES[name](cast, tmp_path))
    assert not wrong, "\n".join(wrong)
