"""Two clerks at the same row of the queue: one has assigned it with all that joins, the other is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from minqing.core.ids import new_id
from minqing.matters.models import Matter, Part, Step
from minqing.org.enums import Role
from minqing.routing.services.bulk import assign_many, pick_of, picks_of, unassign_many
from minqing.routing.services.sorting import sort_matter
from tests.cast import category, person
from tests.pairs import Pair, Refusal, Scenes, Stage, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()
WHO = ("clerk", "second_clerk")


@pytest.fixture(scope="module", autouse=True)
def _people(stage: Stage) -> None:
    cast = stage.cast
    with transaction.atomic():
        category("road")
        person(cast, "second_clerk", Role.CLERK, cast.office, cast.town, "林晓")


def stands(matter: Matter) -> tuple[int | None, list[int]]:
    """Who leads it, and who was asked to join."""
    now = Matter.objects.get(pk=matter.pk)
    asked = sorted(Part.objects.filter(matter=matter).values_list("unit", flat=True))
    assert asked == now.supporting
    return now.lead_unit_id, asked


@SCENES.of(sort_matter)
def two_clerks_sort_the_same(stage: Stage) -> Pair:
    """Each with other units: nothing of the second's is left beside the first's."""
    cast = stage.cast
    with transaction.atomic():
        one = cast.matter(title="路灯不亮")
    mine, theirs = (cast.bureau.pk, cast.office.pk), (cast.office.pk, cast.committee.pk)

    def call(who: str, lead: int, joins: int) -> Any:
        told = {"unit": lead, "supporting": [joins], "category": "road", "waiting": True}
        return stage.call(who, sort_matter, id=new_id(), matter=one, **told)

    def look(*ends: Any) -> None:
        refused = [isinstance(end, Refusal) for end in ends]
        assert sorted(refused) == [False, True], ends
        lead, joins = theirs if refused[0] else mine
        assert stands(one) == (lead, [joins])

    return Pair(call("clerk", *mine), call("second_clerk", *theirs), look)


@SCENES.of(sort_matter)
def one_form_arrives_twice(stage: Stage) -> Pair:
    cast = stage.cast
    with transaction.atomic():
        one = cast.matter(title="路灯不亮")
    told = {"unit": cast.bureau.pk, "supporting": [cast.office.pk], "category": "road", "waiting": True}
    send = stage.call("clerk", sort_matter, id=new_id(), matter=one, **told)

    def look(*ends: Any) -> None:
        assert not [end for end in ends if isinstance(end, Refusal)], ends
        assert stands(one) == (cast.bureau.pk, [cast.office.pk])
        moves = Step.objects.filter(matter=one).exclude(move="receive").values_list("move", flat=True)
        assert sorted(moves) == ["assign", "join"]

    return Pair(send, send, look)


@SCENES.of(assign_many, unassign_many)
def two_clerks_have_ticked_all(stage: Stage) -> Pair:
    """The same rows, which came in another order: one of both assigns them, and the other is told of each."""
    cast = stage.cast
    with transaction.atomic():
        rows = [cast.matter(title=f"路灯{n}") for n in range(3)]
    ticked = picks_of([pick_of(row.pk, row.changed_at) for row in rows])

    def call(who: str, unit: int, picks: Any) -> Any:
        return stage.call(who, assign_many, picks=picks, unit=unit)

    def look(*ends: Any) -> None:
        went = [[one for one in end if not one.why] for end in ends]
        assert sorted(map(len, went)) == [0, 3], ends
        unit = cast.bureau.pk if went[0] else cast.office.pk
        assert {stands(row)[0] for row in rows} == {unit}
        assert Step.objects.filter(matter__in=rows, move="assign").count() == 3
        # what one takes back the other has not assigned
        calls = [
            stage.call(who, unassign_many, picks=[one.pick for one in end]) for who, end in zip(WHO, ends, strict=True)
        ]
        back = [call() for call in calls]
        assert sorted(sum(not one.why for one in end) for end in back) == [0, 3]

    others = [replace(one, id=new_id()) for one in reversed(ticked)]
    return Pair(call(WHO[0], cast.bureau.pk, ticked), call(WHO[1], cast.office.pk, others), look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
