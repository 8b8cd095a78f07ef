"""Two at the same function or claim, in both orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.earning import services
from minqing.earning.enums import Category, Happening, Period, State, Way
from minqing.earning.models import Budget, Claim, ClaimClock, FunctionVersion
from minqing.earning.queries import current_version
from minqing.points.queries import balance_of
from tests.earning.cases import FEAST, FEW, WHY, Earning
from tests.earning.test_functions import ROAD
from tests.pairs import Pair, Refusal, Scenes, Stage, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()
# reference data stays where a stage is emptied: each scene adds functions of its own
POINTS = count(21)


def wanted(points: int, period: Period = Period.MONTH) -> services.BudgetTerms:
    return services.BudgetTerms(name="专项", points=points, period=period)


def in_budget(code: str) -> int:
    return balance_of(Budget.objects.get(pk=code).account_id).posted


@SCENES.of(services.change_function)
def changed_by_two(stage: Stage) -> Pair:
    code = f"new_{next(POINTS)}"
    with transaction.atomic():
        by = stage.cast.actor("operator")
        services.add_function(id=new_id(), code=code, category=Category.CUSTOMS, said=ROAD, by=by)
    calls = [
        stage.call("operator", services.change_function, id=new_id(), code=code, said=replace(ROAD, points=points))
        for points in (21, 22)
    ]

    def look(*ends: Any) -> None:
        rows = FunctionVersion.objects.filter(function=code)
        assert rows.count() == 3, ends
        assert rows.filter(current=True).count() == 1

    return Pair(*calls, look)


@SCENES.of(services.add_function)
def added_by_two_under_one_code(stage: Stage) -> Pair:
    given = {"code": f"new_{next(POINTS)}", "category": Category.CUSTOMS, "said": ROAD}
    calls = [stage.call("operator", services.add_function, id=new_id(), **given) for _who in range(2)]

    def look(*ends: Any) -> None:
        assert [one.code for one in ends if isinstance(one, Refusal)] == ["function_taken"], ends

    return Pair(*calls, look)


@SCENES.of(services.load_functions)
def loaded_by_two(stage: Stage) -> Pair:
    call = stage.call("system", services.load_functions)

    def look(*ends: Any) -> None:
        assert ends == (0, 0), "both found what is there"

    return Pair(call, call, look)


def claimed(stage: Stage, count: int = 1, **values: Any) -> tuple[Earning, list[Any]]:
    with transaction.atomic():
        case = Earning(stage.cast)
        return case, [case.send(**values) for _one in range(count)]


def refusals(ends: Any) -> list[str]:
    return [one.code for one in ends if isinstance(one, Refusal)]


@SCENES.of(services.send_claim)
def the_same_form_twice(stage: Stage) -> Pair:
    with transaction.atomic():
        case, id = Earning(stage.cast), new_id()
    call = stage.call("cadre", services.send_claim, id=id, **case.given())

    def look(*_ends: Any) -> None:
        assert Claim.objects.filter(pk=id).count() == 1

    return Pair(call, call, look)


def objected(stage: Stage, *, already: bool = True) -> tuple[Earning, Claim]:
    """A claim that the clerk refused, and to which somebody objected."""
    case, (row,) = claimed(stage)
    with transaction.atomic():
        row = case.do("clerk", services.refuse_claim, row, reasons=WHY)
        return case, case.do("cadre", services.appeal_claim, row, words="漏看了。") if already else row


@SCENES.of(services.follow_claims, services.refuse_claim)
def moved_while_it_is_refused(stage: Stage) -> Pair:
    case, rows = claimed(stage, 2)
    calls = [
        stage.call("system", services.follow_claims, household=case.home.pk, area=stage.cast.other.pk),
        stage.call("clerk", services.refuse_claim, claim=rows[1], reasons=WHY),
    ]

    def look(*ends: Any) -> None:
        assert refusals(ends) == [], ends
        assert {one.area_id for one in Claim.objects.filter(household=case.home)} == {stage.cast.other.pk}
        assert Claim.objects.get(pk=rows[1].pk).state == State.REFUSED

    return Pair(*calls, look)


@SCENES.of(services.appeal_claim)
def objected_to_twice(stage: Stage) -> Pair:
    _case, row = objected(stage, already=False)
    call = stage.call("cadre", services.appeal_claim, claim=row, words="漏看了。")

    def look(*ends: Any) -> None:
        assert len(refusals(ends)) == 1, ends
        assert ClaimClock.objects.filter(claim=row).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.grant_appeal)
@SCENES.of(services.uphold_refusal)
def granted_while_it_is_left_at_no(stage: Stage) -> Pair:
    case, row = objected(stage)
    calls = [
        stage.call("village_secretary", services.grant_appeal, claim=row, resident_id=case.one.pk),
        stage.call("village_secretary", services.uphold_refusal, claim=row, reasons=WHY),
    ]

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["wrong_state"], ends
        given = Claim.objects.get(pk=row.pk).state == State.AWARDED
        assert (case.balance(), case.awards()) == ((10, 1) if given else (0, 0))

    return Pair(*calls, look)


@SCENES.of(services.pass_claim)
def looked_over_by_two(stage: Stage) -> Pair:
    _case, (row,) = claimed(stage)
    with transaction.atomic(), stage.cast.everything():
        drawn = {"state": State.AWARDED.value, "way": Way.ITSELF.value, "drawn_at": clock.now(), "taken_by": None}
        Claim.objects.filter(pk=row.pk).update(**drawn)
    calls = [stage.call(who, services.pass_claim, claim=row) for who in ("village_secretary", "clerk")]

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["wrong_state"], ends

    return Pair(*calls, look)


@SCENES.of(services.doubt_thanks, services.pass_claim)
def in_doubt_while_somebody_looks_at_it(stage: Stage) -> Pair:
    (_case, (row,)), cause = claimed(stage), f"matter:{new_id()}"
    with transaction.atomic(), stage.cast.everything():
        given = {"state": State.AWARDED.value, "way": Way.ITSELF.value, "drawn_at": clock.now(), "cause": cause,
                 "taken_by": None}  # fmt: skip
        Claim.objects.filter(pk=row.pk).update(**given)

    def look(doubted: Any, _passed: Any) -> None:
        assert doubted is True
        assert Claim.objects.get(pk=row.pk).state == State.AWARDED

    calls = [
        stage.call("system", services.doubt_thanks, cause=cause),
        stage.call("village_secretary", services.pass_claim, claim=row),
    ]
    return Pair(*calls, look)


@SCENES.of(services.draw_sample, jobs=("earning.draw",))
def drawn_twice(stage: Stage) -> Pair:
    _case, (row,) = claimed(stage)
    with transaction.atomic(), stage.cast.everything():
        given = {"state": State.AWARDED.value, "way": Way.ITSELF.value, "decided_at": clock.now()}
        Claim.objects.filter(pk=row.pk).update(**given)
    call = stage.call("system", services.draw_sample, day=clock.today())

    def look(*ends: Any) -> None:
        assert sorted(ends) == [0, 1], ends

    return Pair(call, call, look)


@SCENES.of(services.confirm_claim)
def confirmed_by_two(stage: Stage) -> Pair:
    case, (row,) = claimed(stage)
    calls = [
        stage.call(who, services.confirm_claim, claim=row, resident_id=case.one.pk)
        for who in ("village_secretary", "clerk")
    ]

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["wrong_state"], ends
        assert (case.balance(), case.awards()) == (10, 1)

    return Pair(*calls, look)


@SCENES.of(services.confirm_claim)
def two_claims_of_one_person_and_day(stage: Stage) -> Pair:
    case, rows = claimed(stage, 2)
    calls = [
        stage.call(who, services.confirm_claim, claim=row, resident_id=case.one.pk)
        for who, row in zip(("village_secretary", "clerk"), rows, strict=True)
    ]

    def look(*ends: Any) -> None:
        # once a person and day, whoever of the two is first
        assert refusals(ends) == ["limit_reached"], ends
        assert (case.balance(), case.awards()) == (10, 1)

    return Pair(*calls, look)


@SCENES.of(services.confirm_claim)
def one_who_has_moved_thanked_at_both_households(stage: Stage) -> Pair:
    with transaction.atomic():
        case, there = Earning(stage.cast), stage.cast.household()
        rows = [case.send(), case.send(household_id=there.pk, resident_id=None)]
    calls = [
        stage.call(who, services.confirm_claim, claim=row, resident_id=case.one.pk)
        for who, row in zip(("village_secretary", "clerk"), rows, strict=True)
    ]

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["limit_reached"], ends
        assert case.balance() == 10

    return Pair(*calls, look)


@SCENES.of(services.confirm_claim)
def two_people_of_one_household(stage: Stage) -> Pair:
    with transaction.atomic():
        case = Earning(stage.cast)
        people = [case.one, case.cast.resident(case.home, "何小明")]
        rows = [case.send(code=FEAST, resident_id=one.pk) for one in people]
    calls = [
        stage.call(who, services.confirm_claim, claim=row, resident_id=one.pk)
        for who, row, one in zip(("village_secretary", "clerk"), rows, people, strict=True)
    ]

    def look(*ends: Any) -> None:
        # once a household and day
        assert refusals(ends) == ["limit_reached"], ends
        assert case.awards() == 1

    return Pair(*calls, look)


@SCENES.of(services.confirm_claim)
def two_claims_for_the_last_points_of_a_budget(stage: Stage) -> Pair:
    code = f"new_{next(POINTS)}"
    with transaction.atomic():
        by = stage.cast.actor("operator")
        services.save_budget(code=code, wanted=wanted(30, Period.YEAR), by=by)
        said = replace(ROAD, points=20, person_day=None, budget=code)
        services.add_function(id=new_id(), code=code, category=Category.CUSTOMS, said=said, by=by)
        cases = [Earning(stage.cast), Earning(stage.cast)]
        rows = [one.send(code=code) for one in cases]
    calls = [
        stage.call(who, services.confirm_claim, claim=row, resident_id=one.one.pk)
        for who, row, one in zip(("village_secretary", "clerk"), rows, cases, strict=True)
    ]

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["budget_empty"], ends
        assert sorted(one.balance() for one in cases) == [0, 20]
        assert in_budget(code) == 10

    return Pair(*calls, look)


@SCENES.of(services.save_budget)
def a_budget_of_two_tables(stage: Stage) -> Pair:
    code = f"new_{next(POINTS)}"
    calls = [stage.call("operator", services.save_budget, code=code, wanted=wanted(points)) for points in (30, 40)]

    def look(*ends: Any) -> None:
        assert sorted(ends) == ["created", "updated"], ends
        assert in_budget(code) == Budget.objects.get(pk=code).points

    return Pair(*calls, look)


@SCENES.of(services.add_budget)
def a_budget_added_by_two(stage: Stage) -> Pair:
    code = f"new_{next(POINTS)}"
    calls = [
        stage.call("operator", services.add_budget, id=new_id(), code=code, wanted=wanted(points))
        for points in (30, 40)
    ]

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["budget_taken"], ends
        assert in_budget(code) == Budget.objects.get(pk=code).points

    return Pair(*calls, look)


@SCENES.of(services.change_budget)
def a_budget_changed_by_two(stage: Stage) -> Pair:
    code = f"new_{next(POINTS)}"
    with transaction.atomic():
        services.save_budget(code=code, wanted=wanted(30), by=stage.cast.actor("operator"))
    calls = [
        stage.call("operator", services.change_budget, id=new_id(), code=code, wanted=wanted(points))
        for points in (20, 50)
    ]

    def look(*ends: Any) -> None:
        assert in_budget(code) == Budget.objects.get(pk=code).points, ends

    return Pair(*calls, look)


@SCENES.of(services.fill_begun, jobs=["earning.budgets"])
def a_period_begun_twice(stage: Stage) -> Pair:
    code = f"new_{next(POINTS)}"
    with transaction.atomic():
        by = stage.cast.actor("operator")
        services.save_budget(code=code, wanted=wanted(30), by=by)
    later = clock.now() + timedelta(days=40)
    call = stage.call("system", services.fill_begun, at=later)

    def look(*ends: Any) -> None:
        assert in_budget(code) == 30, ends

    return Pair(call, call, look)


@SCENES.of(services.confirm_claim, services.refuse_claim)
def confirmed_while_it_is_refused(stage: Stage) -> Pair:
    case, (row,) = claimed(stage)
    calls = [
        stage.call("village_secretary", services.confirm_claim, claim=row, resident_id=case.one.pk),
        stage.call("clerk", services.refuse_claim, claim=row, reasons=WHY),
    ]

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["wrong_state"], ends
        assert (case.balance() == 10) is (Claim.objects.get(pk=row.pk).state == State.AWARDED)

    return Pair(*calls, look)


@SCENES.of(services.correct_claim)
def taken_back_by_two(stage: Stage) -> Pair:
    with transaction.atomic():
        case = Earning(stage.cast)
        row = case.awarded()
    call = stage.call("clerk", services.correct_claim, claim=row, reasons=WHY)

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["wrong_state"], ends
        assert (case.balance(), case.awards()) == (0, 0)

    return Pair(call, call, look)


@SCENES.of(services.open_balance)
def one_book_taken_over_by_two(stage: Stage) -> Pair:
    with transaction.atomic():
        case = Earning(stage.cast)
    given = {"household_id": case.home.pk, "area_id": case.home.area_id, "signed_on": clock.today(), "points": 40}
    call = stage.call("clerk", services.open_balance, **given)

    def look(*ends: Any) -> None:
        assert sorted(ends) == [False, True]
        assert case.home_balance() == 40

    return Pair(call, call, look)


@SCENES.of(services.thank_for)
def thanked_by_two(stage: Stage) -> Pair:
    with transaction.atomic():
        case = Earning(stage.cast)
    call = stage.call("system", services.thank_for, happening=Happening.REPORT_TRUE, cause=f"matter:{new_id()}",
                      area_id=case.home.area_id, household_id=case.home.pk, happened_on=clock.today())  # fmt: skip

    def look(*ends: Any) -> None:
        assert sum(one is None for one in ends) == 1, ends
        assert (case.home_balance(), case.awards()) == (5, 1)

    return Pair(call, call, look)


@SCENES.of(services.thank_together)
def thanked_together_by_two(stage: Stage) -> Pair:
    with transaction.atomic():
        case = Earning(stage.cast)
        version = current_version(FEW)
    one = services.CameAlong(f"sign_up:{new_id()}", case.home.area_id, case.home.pk, case.one.pk, case.one.name)
    call = stage.call("system", services.thank_together, version_id=version.pk, happened_on=clock.today(), people=[one])

    def look(*ends: Any) -> None:
        assert ends == (set(), set()), ends
        assert (case.balance(), case.awards()) == (10, 1)

    return Pair(call, call, look)


@SCENES.each()
def test_two_at_once(stage: Stage, scene: Any) -> None:
    play(stage, scene)
