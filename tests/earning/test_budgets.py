"""Budgets that functions are paid from: used up, put in anew with the next period, raised, read and kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minqing.core import clock
from minqing.core.errors import Conflict, Invalid, Refused
from minqing.core.ids import new_id
from minqing.earning import services
from minqing.earning.enums import Evidence, Happening, Period, State
from minqing.earning.models import Budget, Claim, FunctionVersion
from minqing.earning.queries import TICKETS
from minqing.earning.queries.budgets import standings, used_up
from minqing.earning.rules import began, begins_next
from minqing.journal.models import Event
from minqing.points.enums import AccountKind
from minqing.points.models import Account
from minqing.points.queries import balance_of
from minqing.points.queries.verifying import verify
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.earning.cases import WHY, Earning
from tests.earning.test_functions import ROAD
from tests.intake.conftest import load

pytestmark = pytest.mark.django_db
SAID = replace(ROAD, points=8, evidence=[Evidence.WITNESS], person_day=None, budget="clean")


def save(cast: Cast, who: str = "operator", at: Any = None, **values: Any) -> str:
    wanted = {"name": "环境整治专项", "points": 20, "period": Period.QUARTER} | values
    code = wanted.pop("code", "clean")
    with acting_as(by := cast.actor(who)):
        return services.save_budget(code=code, wanted=services.BudgetTerms(**wanted), by=by, at=at)


def pay(cast: Cast, code: str = "road_swept", **values: Any) -> None:
    """That function is paid from the budget."""
    with acting_as(by := cast.actor("operator")):
        services.change_function(id=new_id(), code=code, said=replace(SAID, **values), by=by)


def paid(cast: Cast) -> Earning:
    save(cast)
    pay(cast)
    return Earning(cast)


def left() -> int:
    return standings()[0].left


def given_up() -> int:
    return balance_of(Account.objects.get(kind=AccountKind.BREAKAGE).pk).posted


def test_what_is_given_is_taken_from_the_budget_and_what_is_corrected_goes_back(cast: Cast) -> None:
    case = paid(cast)
    row = case.awarded(code="road_swept")
    assert (case.balance(), left()) == (8, 12)
    case.do("clerk", services.correct_claim, row, reasons=WHY)
    assert (case.balance(), left()) == (0, 20)
    with cast.everything():
        assert verify() == []


def test_where_it_is_used_up_a_claim_waits_and_everybody_reads_until_when(cast: Cast) -> None:
    case = paid(cast)
    rows = [case.send(code="road_swept") for _time in range(3)]
    case.confirm(rows[0])
    case.confirm(rows[1])
    with pytest.raises(Conflict) as refused:
        case.confirm(rows[2])
    assert refused.value.code == "budget_empty"
    assert "环境整治专项" in str(refused.value.sentence)
    with cast.everything():
        assert Claim.objects.get(pk=rows[2].pk).state == State.SENT
    assert (case.balance(), left()) == (16, 4)
    page = cast.client("village_secretary").get(reverse("earning:detail", args=[rows[2].pk])).content.decode()
    assert "环境整治专项" in page
    assert reverse("earning:confirm", args=[rows[2].pk]) not in page
    assert reverse("earning:refuse", args=[rows[2].pk]) in page
    told = Client().get(reverse("earning:follow", args=[TICKETS.ticket_of(rows[2].pk)])).content.decode()
    assert "额度已用完" in told
    # the operator raises it: what is more is there at once
    assert save(cast, points=30) == "updated"
    assert left() == 14
    case.confirm(rows[2])
    assert (case.balance(), left()) == (24, 6)


def test_a_resident_reads_it_at_the_door_and_may_send_all_the_same(cast: Cast) -> None:
    case = paid(cast)
    pay(cast, points=21)
    token = cast.code(case.home)
    assert "起再有额度" in Client().get(reverse("earning:choose", args=[token])).content.decode()
    assert "额度已用完" in Client().get(reverse("earning:claim", args=[token, "road_swept"])).content.decode()


def test_the_next_period_begins_with_all_of_it_and_what_was_left_is_given_up(cast: Cast) -> None:
    case = paid(cast)
    case.awarded(code="road_swept")
    later = clock.midnight(begins_next(Period.QUARTER, clock.today())) + timedelta(hours=1)
    with acting_as(by := cast.actor("operator")):
        assert [services.fill_begun(by=by, at=later) for _time in range(2)] == [1, 0]
    budget = Budget.objects.get()
    assert (balance_of(budget.account_id).posted, given_up()) == (20, 12)
    assert Event.objects.filter(type="earning.budget.filled").count() == 2


def test_what_is_taken_back_of_a_period_that_is_over_is_not_given_in_this_one(cast: Cast) -> None:
    case = paid(cast)
    old = case.awarded(code="road_swept")
    save(cast, points=15, period=Period.MONTH)
    new = case.awarded(code="road_swept")
    assert (left(), given_up()) == (7, 12)
    case.do("clerk", services.correct_claim, old, reasons=WHY)
    assert (case.balance(), left(), given_up()) == (8, 7, 20)
    case.do("clerk", services.correct_claim, new, reasons=WHY)
    assert (case.balance(), left(), given_up()) == (0, 15, 20)
    with cast.everything():
        assert verify() == []


def test_of_less_only_what_is_left_is_given_up(cast: Cast) -> None:
    case = paid(cast)
    case.awarded(code="road_swept")
    assert save(cast, points=10) == "updated"
    assert (left(), given_up()) == (2, 10)
    assert save(cast, points=1) == "updated"
    assert (left(), given_up()) == (0, 12)
    assert save(cast, points=1) == "unchanged"
    # what is taken back is not given
    save(cast, points=16)
    case.do("clerk", services.correct_claim, case.awarded(code="road_swept"), reasons=WHY)
    assert save(cast, points=17) == "updated"
    assert left() == 9
    # raised again it gives no more than it says: eight of these were given already
    assert save(cast, points=20) == "updated"
    assert left() == 12
    # of another period it begins anew, and reckons from there
    assert save(cast, points=5, period=Period.MONTH) == "updated"
    assert left() == 5
    assert save(cast, points=6, period=Period.MONTH) == "updated"
    assert left() == 6


def test_what_is_thanked_by_itself_waits_for_a_person_instead(cast: Cast) -> None:
    case = paid(cast)
    pay(cast, "report_true", points=30)
    given: dict[str, Any] = {"happening": Happening.REPORT_TRUE, "cause": f"matter:{new_id()}",
                             "area_id": case.home.area_id, "household_id": case.home.pk}  # fmt: skip
    with cast.everything() as by:
        row = services.thank_for(**given, happened_on=clock.today(), by=by)
        assert row is not None
        assert row.state == State.SENT
        # heard of once more it is not sent once more
        assert services.thank_for(**given, happened_on=clock.today(), by=by) is None
    save(cast, points=40)
    case.confirm(row, resident_id=None)
    assert (case.home_balance(), left()) == (30, 10)


def test_what_waits_and_is_opened_again_says_so_before_it_is_given(cast: Cast) -> None:
    case = paid(cast)
    pay(cast, "report_true", points=30)
    cause = f"matter:{new_id()}"
    with cast.everything() as by:
        row = services.thank_for(
            happening=Happening.REPORT_TRUE, cause=cause, area_id=case.home.area_id, household_id=case.home.pk,
            happened_on=clock.today(), by=by,
        )  # fmt: skip
        assert row is not None
    detail, secretary = reverse("earning:detail", args=[row.pk]), cast.client("village_secretary")
    assert "重新打开" not in secretary.get(detail).content.decode()
    with cast.everything() as by:
        assert services.doubt_thanks(cause=cause, by=by)
    assert "重新打开" in secretary.get(detail).content.decode()
    save(cast, points=40)
    assert case.confirm(row, resident_id=None).situation.drawn
    case.do("clerk", services.pass_claim, row)
    # refused, there is nothing to be in doubt about
    with cast.everything() as by:
        Claim.objects.filter(pk=row.pk).update(state=State.REFUSED)
        assert not services.doubt_thanks(cause=cause, by=by)


def test_of_many_functions_each_budget_is_looked_at_once(cast: Cast) -> None:
    paid(cast)
    version = standings()[0].functions[0]
    counts = []
    for many in (1, 6):
        with CaptureQueriesContext(connection) as ran:
            used_up([version] * many)
        counts.append(len(ran))
    assert counts[0] == counts[1]


def test_a_batch_takes_as_many_statements_for_many_as_for_one(cast: Cast) -> None:
    paid(cast)
    save(cast, points=1000)
    version = standings()[0].functions[0]
    FunctionVersion.objects.filter(pk=version.pk).update(person_day=1, household_day=9, person_season=9)
    counts = []
    for many in (1, 6):
        homes = [cast.household() for _one in range(many)]
        came = [
            services.CameAlong(f"sign_up:{new_id()}", home.area_id, home.pk, cast.resident(home, "何一").pk, "何一")
            for home in homes
        ]
        with cast.everything() as by, CaptureQueriesContext(connection) as ran:
            again = [replace(one, cause=f"{one.cause}again") for one in came]
            given = {"version_id": version.pk, "happened_on": clock.today(), "by": by}
            # the same person a second time on one day is beyond the limit, also within the batch
            beyond = services.thank_together(people=[*came, *again], **given)
        assert beyond == {one.cause for one in again}
        with cast.everything():
            assert Claim.objects.filter(cause__in=[one.cause for one in came], state=State.AWARDED).count() == many
        counts.append(len(ran))
    assert counts[0] == counts[1], counts
    with cast.everything():
        assert verify() == []


def test_all_of_a_batch_are_thanked_or_none(cast: Cast) -> None:
    case = paid(cast)
    people = [cast.resident(case.home, name) for name in ("何一", "何二", "何三")]
    home = case.home
    came = [services.CameAlong(f"sign_up:{one.pk}", home.area_id, home.pk, one.pk, one.name) for one in people]
    version = standings()[0].functions[0]
    with cast.everything() as by:
        with pytest.raises(Conflict):
            services.thank_together(version_id=version.pk, happened_on=clock.today(), people=came, by=by)
        services.thank_together(version_id=version.pk, happened_on=clock.today(), people=came[:2], by=by)
    assert left() == 4


@pytest.mark.parametrize(
    ("values", "code"),
    [({"points": 0}, "budget_points"), ({"code": "Bad Code"}, "budget_code"), ({"name": " "}, "budget_name")],
)
def test_what_cannot_be_is_refused_in_words(cast: Cast, values: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(cast, **values)
    assert refused.value.code == code


def test_a_function_is_paid_from_a_budget_that_there_is(cast: Cast) -> None:
    with pytest.raises(Invalid):
        pay(cast)


@pytest.mark.parametrize(
    ("period", "day", "first", "following"),
    [
        (Period.MONTH, date(2026, 1, 31), date(2026, 1, 1), date(2026, 2, 1)),
        (Period.MONTH, date(2026, 2, 1), date(2026, 2, 1), date(2026, 3, 1)),
        (Period.QUARTER, date(2026, 11, 30), date(2026, 10, 1), date(2027, 1, 1)),
        (Period.QUARTER, date(2026, 1, 1), date(2026, 1, 1), date(2026, 4, 1)),
        (Period.YEAR, date(2028, 12, 31), date(2028, 1, 1), date(2029, 1, 1)),
    ],
)
def test_a_period_is_one_of_the_calendar(period: Period, day: date, first: date, following: date) -> None:
    assert (began(period, day), begins_next(period, day)) == (first, following)


def test_the_operator_keeps_them_and_the_township_reads_them(cast: Cast) -> None:
    operator, add = cast.client("operator"), reverse("earning:add_budget")
    given = {
        "request_id": str(new_id()),
        "code": "clean",
        "name": "环境整治专项",
        "points": "20",
        "period": "month",
    }
    assert operator.post(add, given | {"points": "0"}).status_code == 422
    assert operator.post(add, given).status_code == 302
    again = operator.post(add, given | {"request_id": str(new_id())})
    assert again.status_code == 422
    page = reverse("earning:budget", args=["clean"])
    assert operator.post(page, given | {"request_id": str(new_id()), "points": "25"}).status_code == 302
    told = cast.client("clerk").get(reverse("earning:budgets")).content.decode()
    assert "环境整治专项" in told
    assert page not in told
    assert left() == 25
    with pytest.raises(Refused):
        save(cast, "clerk")


def test_they_go_out_as_a_table_and_come_back(cast: Cast, tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    save(cast)
    path = tmp_path / "预算.xlsx"
    path.write_bytes(cast.client("operator").get(reverse("administration:table", args=["point_budgets"])).content)
    with acting_as(by := cast.actor("operator")):
        run = load(path, by, "point_budgets")
    assert (run.created_rows, run.updated_rows, run.unchanged_rows) == (0, 0, 1)
    assert left() == 20
