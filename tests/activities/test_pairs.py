"""Two at the same activity, in both orders: nobody has the last place twice, and nobody is thanked twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from minqing.activities import services
from minqing.activities.codes import code_at
from minqing.activities.enums import SignUpState, State
from minqing.activities.models import Activity, Report, SignUp
from minqing.activities.services.people import give_up_places
from minqing.activities.subjects import erase
from minqing.core.errors import DomainError
from minqing.core.ids import new_id
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import Person
from tests.activities.cases import WHY, Doing, said
from tests.pairs import Pair, Refusal, Scenes, Stage, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


def laid_out(stage: Stage, *, come: int = 0, over: bool = False, **values: Any) -> tuple[Doing, list[SignUp]]:
    with transaction.atomic():
        case = Doing(stage.cast, **values)
        signed = [case.sign(number) for number in range(come)]
        if over:
            case.over(0, 1)
    return case, signed


def refusals(ends: Any) -> list[str]:
    return [one.code for one in ends if isinstance(one, Refusal)]


def at_door(case: Doing, number: int, service: Callable[..., Any], **values: Any) -> Callable[[], Any]:
    """As :meth:`Stage.call`, for somebody of a household."""

    def work() -> Any:
        try:
            with transaction.atomic(), acting_as(by := case.door(number)):
                return service(**values, by=by)
        except DomainError as refused:
            return Refusal(refused.code)

    return work


def states(case: Doing) -> list[str]:
    return sorted(SignUp.objects.filter(activity=case.row).values_list("state", flat=True))


def moved_once(stage: Stage, service: Callable[..., Any], to: State, case: Doing, *, who: str = "cadre") -> Pair:
    """The second of two is told that it is done."""
    given = {"reasons": WHY} if service in {services.cancel_activity, services.send_back_list} else {}
    call = stage.call(who, service, activity=case.row, at=case.during, **given)

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["wrong_state"], ends
        assert Activity.objects.get(pk=case.row.pk).state == to

    return Pair(call, call, look)


@SCENES.of(services.follow_sign_ups, services.withdraw)
def withdrawn_while_its_person_moves(stage: Stage) -> Pair:
    with transaction.atomic():
        case = Doing(stage.cast)
        row = case.sign()

    def move() -> None:
        there = stage.cast.household()
        type(case.people[0]).objects.filter(pk=case.people[0].pk).update(household=there)

    stage.given(move)

    def look(*ends: Any) -> None:
        assert refusals(ends) == [], ends
        one = SignUp.objects.get(pk=row.pk)
        assert (one.state, one.household_id != case.homes[0].pk) == (SignUpState.WITHDRAWN, True)

    return Pair(
        stage.call("system", services.follow_sign_ups, resident=case.people[0].pk),
        stage.call("village_secretary", services.withdraw, sign_up=row),
        look,
    )


@SCENES.of(services.write_activity)
def the_same_form_twice(stage: Stage) -> Pair:
    with transaction.atomic():
        case, id = Doing(stage.cast, publish=False), new_id()
    call = stage.call("cadre", services.write_activity, id=id, area_id=stage.cast.own.pk, **said(case.now))

    def look(*_ends: Any) -> None:
        assert Activity.objects.filter(pk=id).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.change_activity, services.publish_activity)
def changed_while_it_is_published(stage: Stage) -> Pair:
    case, _none = laid_out(stage, publish=False)

    def look(*ends: Any) -> None:
        assert refusals(ends) in ([], ["wrong_state"]), ends
        assert Activity.objects.get(pk=case.row.pk).state == State.OPEN

    return Pair(
        stage.call("cadre", services.change_activity, activity=case.row, capacity=5),
        stage.call("village_secretary", services.publish_activity, activity=case.row),
        look,
    )


@SCENES.of(services.cancel_activity)
def cancelled_by_two(stage: Stage) -> Pair:
    return moved_once(stage, services.cancel_activity, State.CANCELLED, laid_out(stage)[0])


@SCENES.of(services.end_activity)
def ended_by_two(stage: Stage) -> Pair:
    return moved_once(stage, services.end_activity, State.ENDED, laid_out(stage)[0])


@SCENES.of(services.confirm_attendance)
def pressed_by_two(stage: Stage) -> Pair:
    case, _none = laid_out(stage, over=True)
    calls = [stage.call(who, services.confirm_attendance, activity=case.row) for who in ("village_secretary", "clerk")]

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["wrong_state"], ends
        assert [case.balance(0), case.balance(1)] == [case.row.version.points] * 2

    return Pair(*calls, look)


@SCENES.of(services.send_back_list, services.confirm_attendance)
def sent_back_while_it_is_confirmed(stage: Stage) -> Pair:
    with transaction.atomic():
        case = Doing(stage.cast, people=7)
        case.over(*range(7))
        case.do("cadre", services.confirm_attendance)
    calls = [
        stage.call("clerk", services.confirm_attendance, activity=case.row),
        stage.call("village_secretary", services.send_back_list, activity=case.row, reasons=WHY),
    ]

    def look(*ends: Any) -> None:
        # sent back first, the clerk's word is again the first of two
        state = Activity.objects.get(pk=case.row.pk).state
        assert (state, refusals(ends)) in [(State.THANKED, ["wrong_state"]), (State.SETTLED, [])], ends
        assert (case.balance() > 0) is (state == State.THANKED)

    return Pair(*calls, look)


@SCENES.of(services.report_activity)
def told_of_by_two(stage: Stage) -> Pair:
    case, _none = laid_out(stage, over=True)
    calls = [
        stage.call(who, services.report_activity, id=new_id(), activity=case.row, words="捡了三十袋垃圾。")
        for who in ("cadre", "village_secretary")
    ]

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["reported_before"], ends
        assert Report.objects.filter(activity=case.row).count() == 1

    return Pair(*calls, look)


@SCENES.of(services.sign_up)
def two_at_the_last_place(stage: Stage) -> Pair:
    case, _none = laid_out(stage, capacity=1)
    calls = [
        stage.call("cadre", services.sign_up, id=new_id(), activity=case.row, resident_id=one.pk) for one in case.people
    ]

    def look(*ends: Any) -> None:
        assert states(case) == [SignUpState.IN, SignUpState.WAITING], ends

    return Pair(*calls, look)


@SCENES.of(services.sign_up)
def one_person_at_the_door_and_by_the_cadre(stage: Stage) -> Pair:
    case, _none = laid_out(stage)
    given = {"activity": case.row, "resident_id": case.people[0].pk}

    def look(*_ends: Any) -> None:
        assert states(case) == [SignUpState.IN]

    return Pair(
        at_door(case, 0, services.sign_up, id=new_id(), **given),
        stage.call("cadre", services.sign_up, id=new_id(), **given),
        look,
    )


@SCENES.of(services.withdraw, services.sign_up)
def withdrawn_while_another_comes(stage: Stage) -> Pair:
    case, (one,) = laid_out(stage, come=1, capacity=1)

    def look(*ends: Any) -> None:
        assert states(case) == [SignUpState.IN, SignUpState.WITHDRAWN], ends

    return Pair(
        stage.call("cadre", services.withdraw, sign_up=one),
        at_door(case, 1, services.sign_up, id=new_id(), activity=case.row, resident_id=case.people[1].pk),
        look,
    )


@SCENES.of(services.sign_up, give_up_places)
def erased_while_another_comes(stage: Stage) -> Pair:
    case, _signed = laid_out(stage, come=2, people=3, capacity=1)
    person = Person(cause="test:1", name=case.people[0].name, resident=case.people[0].pk)

    def look(*ends: Any) -> None:
        assert states(case) == [SignUpState.IN, SignUpState.WAITING, SignUpState.WITHDRAWN], ends
        assert SignUp.objects.get(activity=case.row, state=SignUpState.IN).resident_id == case.people[1].pk

    return Pair(
        stage.call("system", erase, person=person, at=case.now),
        at_door(case, 2, services.sign_up, id=new_id(), activity=case.row, resident_id=case.people[2].pk),
        look,
    )


@SCENES.of(services.withdraw)
def two_withdraw_and_two_move_up(stage: Stage) -> Pair:
    case, signed = laid_out(stage, come=4, people=4, capacity=2)
    calls = [stage.call("cadre", services.withdraw, sign_up=one) for one in signed[:2]]

    def look(*ends: Any) -> None:
        assert states(case) == [SignUpState.IN] * 2 + [SignUpState.WITHDRAWN] * 2, ends

    return Pair(*calls, look)


@SCENES.of(services.check_in)
def checked_in_by_two(stage: Stage) -> Pair:
    case, (one,) = laid_out(stage, come=1)
    call = stage.call("cadre", services.check_in, sign_up=one, at=case.during)

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["wrong_state"], ends
        assert states(case) == [SignUpState.CAME]

    return Pair(call, call, look)


@SCENES.of(services.undo_check_in)
def taken_back_by_two(stage: Stage) -> Pair:
    case, (one,) = laid_out(stage, come=1)
    with transaction.atomic():
        case.came(one)
    call = stage.call("cadre", services.undo_check_in, sign_up=one, at=case.during)

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["wrong_state"], ends
        assert states(case) == [SignUpState.IN]

    return Pair(call, call, look)


@SCENES.of(services.check_in_by_code, services.check_in)
def by_the_code_and_from_the_list(stage: Stage) -> Pair:
    case, (one,) = laid_out(stage, come=1)
    digits = code_at(case.row.pk, case.during)

    def look(*ends: Any) -> None:
        assert refusals(ends) in ([], ["wrong_state"]), ends
        assert states(case) == [SignUpState.CAME]

    return Pair(
        at_door(case, 0, services.check_in_by_code, sign_up=one, digits=digits, at=case.during),
        stage.call("cadre", services.check_in, sign_up=one, at=case.during),
        look,
    )


@SCENES.each()
def test_two_at_once(stage: Stage, scene: Any) -> None:
    play(stage, scene)
