"""Two at one request, in both orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.core.ids import new_id
from minqing.deadlines.services import remind_due
from minqing.households.models import Household, Resident
from minqing.journal.models import Event
from minqing.matters import services as matters
from minqing.matters.enums import Channel
from minqing.matters.models import Matter
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import Person, erase_person
from minqing.rights import services
from minqing.rights.enums import Proof, RequestKind, State
from minqing.rights.models import Request
from minqing.rights.rules import OPEN_AT_DOOR
from minqing.visits.models import FileConflict
from minqing.visits.services import decide_conflict, join_file
from tests.pairs import Pair, Refusal, Scenes, Stage, job, play, stage
from tests.rights.cases import Asking

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()
WHY = "依法办理。"


def asking(stage: Stage) -> Asking:
    with transaction.atomic():
        return Asking(stage.cast)


def at(stage: Stage, how: str, kind: RequestKind = RequestKind.COPY) -> tuple[Asking, Request]:
    case = asking(stage)
    with transaction.atomic():
        return case, getattr(case, how)(kind)


@SCENES.of(services.ask_request)
def the_same_form_twice(stage: Stage) -> Pair:
    case, id = asking(stage), new_id()
    call = stage.call("cadre", services.ask_request, id=id, kind=RequestKind.COPY, name="何桂香",
                      area_id=case.home.area_id, household_id=case.home.pk, resident_id=case.one.pk)  # fmt: skip

    def look(*_ends: Any) -> None:
        assert Request.objects.filter(pk=id).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.ask_request)
def two_more_at_the_door_than_the_office_looks_at(stage: Stage) -> Pair:
    case = asking(stage)
    at_door = Actor(id=None, kind="resident", name="", household=case.home.pk)

    def send() -> Any:
        with transaction.atomic(), acting_as(at_door):
            return services.ask_request(
                id=new_id(), kind=RequestKind.EXPLAIN, area_id=case.home.area_id, name="何桂香",
                household_id=case.home.pk, by=at_door,
            )  # fmt: skip

    for _one in range(OPEN_AT_DOOR - 1):
        send()

    def sent() -> Any:
        try:
            return send()
        except DomainError as error:
            return Refusal(error.code)

    def look(*ends: Any) -> None:
        assert [one.code for one in ends if isinstance(one, Refusal)] == ["too_many_open"], ends
        assert Request.objects.filter(household=case.home).count() == OPEN_AT_DOOR

    return Pair(sent, sent, look)


@SCENES.of(services.lapse_request, services.check_identity)
def checked_while_the_person_is_erased(stage: Stage) -> Pair:
    case, row = at(stage, "granted", RequestKind.DELETE)
    with transaction.atomic():
        other = case.ask(RequestKind.EXPLAIN)
    calls = [
        stage.call("clerk", services.carry_out_request, request=row),
        stage.call("cadre", services.check_identity, request=other, proof=Proof.OTHER, resident_id=case.one.pk),
    ]

    def look(*ends: Any) -> None:
        there = Resident.objects.filter(pk=case.one.pk).exists()
        state = Request.objects.get(pk=other.pk).state
        # who has shown that it is theirs is answered first
        assert (there, state) in {(True, State.CHECKED), (False, State.LAPSED)}, ends

    return Pair(*calls, look)


@SCENES.of(services.check_identity, services.reject_identity)
def checked_while_it_is_rejected(stage: Stage) -> Pair:
    case, row = at(stage, "ask")
    calls = [
        stage.call("cadre", services.check_identity, request=row, proof=Proof.OTHER, resident_id=case.one.pk),
        stage.call("clerk", services.reject_identity, request=row, reasons="没有出示证件。"),
    ]

    def look(*ends: Any) -> None:
        assert sum(isinstance(one, Refusal) for one in ends) == 1, ends

    return Pair(*calls, look)


@SCENES.of(services.decide_request)
def granted_by_one_and_refused_by_another(stage: Stage) -> Pair:
    _case, row = at(stage, "checked")
    calls = [
        stage.call(who, services.decide_request, request=row, grant=grant, reasons=WHY)
        for who, grant in (("clerk", True), ("leader", False))
    ]

    def look(*_ends: Any) -> None:
        now = Request.objects.get(pk=row.pk)
        assert (now.state == State.REFUSED) is (now.granted is False)

    return Pair(*calls, look)


@SCENES.of(services.carry_out_request, services.take_back_request)
def taken_back_while_it_is_carried_out(stage: Stage) -> Pair:
    case, row = at(stage, "granted", RequestKind.DELETE)
    calls = [
        stage.call("clerk", services.carry_out_request, request=row),
        stage.call("cadre", services.take_back_request, request=row),
    ]

    def look(*ends: Any) -> None:
        there = Resident.objects.filter(pk=case.one.pk).exists()
        assert there is (Request.objects.get(pk=row.pk).state == State.WITHDRAWN), ends

    return Pair(*calls, look)


@SCENES.of(services.carry_out_request)
def erased_while_a_matter_comes_in(stage: Stage) -> Pair:
    case, row = at(stage, "granted", RequestKind.DELETE)
    id = new_id()
    calls = [
        stage.call("clerk", services.carry_out_request, request=row),
        stage.call("clerk", matters.report_matter, id=id, title="漏水", text="屋顶漏水", area_id=case.home.area_id,
                   channel=Channel.COUNTER, household_id=case.home.pk),
    ]  # fmt: skip

    def look(*ends: Any) -> None:
        # what comes in at that moment is either seen, and waited for, or stays a matter of the empty household
        assert Matter.objects.filter(pk=id).exists(), ends

    return Pair(*calls, look)


@SCENES.of(services.carry_out_request, join_file)
def erased_while_a_phone_hands_in_their_address(stage: Stage) -> Pair:
    case, row = at(stage, "granted", RequestKind.DELETE)
    calls = [
        stage.call("clerk", services.carry_out_request, request=row),
        stage.call("cadre", join_file, household_id=case.home.pk, changes={"address": "后山路8号"}, base={},
                   written_at=clock.now()),
    ]  # fmt: skip

    def look(*ends: Any) -> None:
        assert not FileConflict.objects.filter(household=case.home).exists(), ends
        assert Household.objects.get(pk=case.home.pk).address == "", ends

    return Pair(*calls, look)


@SCENES.of(decide_conflict)
def erased_while_somebody_decides_about_their_address(stage: Stage) -> Pair:
    case, row = at(stage, "granted", RequestKind.DELETE)
    stage.done("cadre", join_file, household_id=case.home.pk, changes={"address": "后山路8号"},
               base={"address": "0"}, written_at=clock.now())  # fmt: skip
    kept = stage.given(lambda: FileConflict.objects.get(household=case.home).pk)
    person = Person(cause=f"rights:{row.pk}", name=case.one.name, resident=case.one.pk, household=case.home.pk,
                    areas=frozenset({case.home.area_id}), alone=True)  # fmt: skip
    calls = [
        stage.call("system", erase_person, person=person, at=clock.now()),
        stage.call("cadre", decide_conflict, conflict_id=kept, take=True),
    ]

    def look(*ends: Any) -> None:
        assert not FileConflict.objects.filter(household=case.home).exists(), ends
        assert Household.objects.get(pk=case.home.pk).address == "", ends

    return Pair(*calls, look)


@SCENES.of(remind_due, jobs=["deadlines.ladder"])
def reminded_by_two(stage: Stage) -> Pair:
    case = asking(stage)
    with transaction.atomic():
        row = case.ask(at=clock.now())
    with transaction.atomic(), case.cast.everything():
        Request.objects.filter(pk=row.pk).update(due_at=clock.now() + timedelta(minutes=10))
    call = job("deadlines.ladder")

    def look(*_ends: Any) -> None:
        assert Event.objects.filter(type="rights.request.nearing", subject=f"rights:{row.pk}").count() == 1

    return Pair(call, call, look)


@SCENES.of(services.follow_requests, services.decide_request)
def moved_while_it_is_decided(stage: Stage) -> Pair:
    case, row = at(stage, "checked")
    calls = [
        stage.call("system", services.follow_requests, household=case.home.pk, area=stage.cast.other.pk),
        stage.call("clerk", services.decide_request, request=row, grant=True, reasons=WHY),
    ]

    def look(*ends: Any) -> None:
        assert not any(isinstance(one, Refusal) for one in ends), ends
        told = Request.objects.get(pk=row.pk)
        assert (told.area_id, told.state) == (stage.cast.other.pk, State.GRANTED)

    return Pair(*calls, look)


@SCENES.of(services.answer_request)
def answered_twice(stage: Stage) -> Pair:
    _case, row = at(stage, "done")
    calls = [stage.call(who, services.answer_request, request=row) for who in ("cadre", "clerk")]

    def look(*ends: Any) -> None:
        assert sum(isinstance(one, Refusal) for one in ends) == 1, ends

    return Pair(*calls, look)


@SCENES.each()
def test_two_at_once(stage: Stage, scene: Any) -> None:
    play(stage, scene)
