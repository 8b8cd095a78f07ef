"""Two at one publication or one quarter, in both orders."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.matters.enums import State
from minqing.matters.models import Confirmation, Matter, Step
from minqing.org.enums import Role
from minqing.privacy.periods import Quarter
from minqing.publications import services, tasks
from minqing.publications.models import Publication, QuarterFigures
from tests.cast import category, person
from tests.pairs import Pair, Refusal, Scenes, Stage, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()
TEXTS = {"title": "村口路灯修好了", "question": "一处路灯不亮。", "answer": "换了新灯。"}


def solved(stage: Stage) -> Matter:
    now = clock.now()
    with transaction.atomic():
        kind = category("building.municipal")
        made = stage.cast.matter(state=State.CONFIRMED, lead_unit=stage.cast.office, finished_at=now, closed_at=now,
                                 category=kind)  # fmt: skip
        with stage.cast.everything():
            Step.objects.create(matter=made, move="finish", state="finished", at=now, by="system:test",
                                by_name="吴", unit=stage.cast.office, text="换了灯。")  # fmt: skip
            Confirmation.objects.create(matter=made, solved=True, at=now, by="resident:anonymous")
    return made


def prepared(stage: Stage, **values: Any) -> Publication:
    given = {"id": new_id(), "matter": solved(stage), **TEXTS}
    row: Publication = stage.done("clerk", services.prepare_publication, **given | values)
    return row


@SCENES.of(services.prepare_publication)
def two_begin_one_draft(stage: Stage) -> Pair:
    one = solved(stage)
    calls = [
        stage.call(who, services.prepare_publication, id=new_id(), matter=one, **TEXTS | {"answer": answer})
        for who, answer in (("clerk", "换了灯。"), ("second_clerk", "换了新灯。"))
    ]

    def look(*_ends: Any) -> None:
        assert Publication.objects.get(matter=one).version == 2

    return Pair(*calls, look)


@SCENES.of(services.review_publication)
def reviewed_while_it_is_rewritten(stage: Stage) -> Pair:
    row = prepared(stage)

    def look(reviewed: Any, _written: Any) -> None:
        now = Publication.objects.get(pk=row.pk)
        # nobody has reviewed what was written after
        assert (now.version, now.state, now.reviewed_by_id) == (2, "draft", None), reviewed

    return Pair(
        stage.call("second_clerk", services.review_publication, publication=row, version=row.version),
        stage.call(
            "clerk", services.prepare_publication, id=new_id(), matter=row.matter, **TEXTS | {"answer": "好了。"}
        ),
        look,
    )


@SCENES.of(services.publish, services.withdraw_publication)
def shown_while_it_is_withdrawn(stage: Stage) -> Pair:
    row = prepared(stage)
    row = stage.done("second_clerk", services.review_publication, publication=row, version=row.version)

    def look(*_ends: Any) -> None:
        now = Publication.objects.get(pk=row.pk)
        assert (now.state, now.published_at) == ("withdrawn", None)

    return Pair(
        stage.call("clerk", services.publish, publication=row, version=row.version),
        stage.call("leader", services.withdraw_publication, publication=row),
        look,
    )


@SCENES.of(services.withdraw_publication_of)
def withdrawn_by_hand_and_by_the_matter(stage: Stage) -> Pair:
    row = prepared(stage)

    def look(*ends: Any) -> None:
        assert Publication.objects.get(pk=row.pk).state == "withdrawn", ends

    return Pair(
        stage.call("leader", services.withdraw_publication, publication=row),
        stage.call("system", services.withdraw_publication_of, matter_id=row.matter_id),
        look,
    )


@SCENES.of(services.publish_figures)
def one_quarter_counted_by_two(stage: Stage) -> Pair:
    with transaction.atomic():
        known = QuarterFigures.objects.order_by("year", "quarter").first()
    quarter = (Quarter(known.year, known.quarter) if known else Quarter.of(clock.today())).former
    call = stage.call("leader", services.publish_figures, quarter=quarter)

    def look(*ends: Any) -> None:
        assert not any(isinstance(end, Refusal) for end in ends), ends
        assert QuarterFigures.objects.filter(year=quarter.year, quarter=quarter.number).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.ask_figures)
def one_quarter_asked_for_by_two(stage: Stage) -> Pair:
    with transaction.atomic():
        known = QuarterFigures.objects.order_by("year", "quarter").first()
    quarter = (Quarter(known.year, known.quarter) if known else Quarter.of(clock.today())).former

    def look(*_ends: Any) -> None:
        assert ProcrastinateJob.objects.filter(task_name="publications.figures").count() == 1
        ProcrastinateJob.objects.filter(task_name="publications.figures").delete()

    # the page asks, and queues the job in the same transaction
    calls = [stage.call(who, tasks.ask_for_figures, quarter=quarter) for who in ("leader", "second_leader")]
    return Pair(*calls, look)


@pytest.fixture(scope="module", autouse=True)
def _people(stage: Stage) -> None:
    with transaction.atomic():
        person(stage.cast, "second_clerk", Role.CLERK, stage.cast.office, stage.cast.town, "林晓")
        person(stage.cast, "second_leader", Role.LEADER, stage.cast.office, stage.cast.city, "何建平")


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
