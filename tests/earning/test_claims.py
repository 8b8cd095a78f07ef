"""What somebody did is claimed, looked at by others, and given by the real ledger; a mistake is taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.errors import Conflict, Invalid, NotFound, Refused
from minqing.earning import services
from minqing.earning.enums import State
from minqing.earning.models import Award, Claim, FunctionVersion
from minqing.earning.queries import QUEUES, visible_claims
from minqing.earning.rules import OPEN_AT_DOOR, season_of, waits_for
from minqing.journal.models import Event
from minqing.points.enums import AccountKind, Code
from minqing.points.models import Holder, Transfer
from minqing.points.queries.verifying import verify
from minqing.points.services import follow_holders, open_account, post_transfer
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.earning.cases import FEAST, FEW, MANY, WHY, Earning

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Earning:
    return Earning(cast)


def refused(why: str, call: Any, *given: Any, **values: Any) -> None:
    """Nothing is stored of it."""
    with pytest.raises((Conflict, Invalid, Refused)) as error, transaction.atomic():
        call(*given, **values)
    assert error.value.code == why


def test_what_is_confirmed_is_in_the_account_with_its_version_and_an_event_without_words(case: Earning) -> None:
    row = case.send(words="送了三天饭")
    assert (row.state, case.balance()) == (State.SENT, 0)
    row = case.confirm(row)
    assert (row.state, row.version.number, case.balance()) == (State.AWARDED, 1, 10)
    with case.cast.everything():
        award = Award.objects.get(claim=row)
        transfer = Transfer.objects.get(pk=award.transfer)
        event = Event.objects.get(type="earning.claim.awarded")
        assert verify() == []
    assert (transfer.code, transfer.amount, transfer.about) == (Code.AWARD, 10, f"claim:{row.pk}")
    assert event.data == {"number": row.number, "function": FEW, "state": "awarded", "area": row.area_id, "points": 10}


def test_nobody_confirms_what_they_took_in(case: Earning) -> None:
    row = case.send(who="village_secretary")
    refused("own_claim", case.confirm, row)
    refused("own_claim", case.do, "village_secretary", services.refuse_claim, row, reasons=WHY)
    assert case.confirm(row, "cadre").state == State.AWARDED


def test_many_points_take_two_people_neither_of_whom_took_it_in(case: Earning) -> None:
    row = case.send(code=MANY)
    refused("not_your_post", case.confirm, row)
    row = case.confirm(row, "clerk")
    assert (row.state, case.balance()) == (State.VOUCHED, 0)
    refused("own_claim", case.confirm, row, "clerk")
    row = case.confirm(row, "village_secretary")
    assert (row.state, case.balance()) == (State.AWARDED, 50)


def test_whoever_looks_after_another_place_neither_sees_nor_confirms(case: Earning) -> None:
    row = case.send(words="只给村里看")
    for who in ("other_cadre", "far_clerk", "leader", "handler"):
        with acting_as(by := case.cast.actor(who)):
            assert not visible_claims(by).exists(), who
        with pytest.raises((NotFound, Refused)) as error:
            case.confirm(row, who)
        assert "只给村里看" not in str(error.value)
    assert case.awards() == 0


def test_what_is_refused_has_a_reason_and_gives_nothing(case: Earning) -> None:
    row = case.send()
    refused("reasons", case.do, "village_secretary", services.refuse_claim, row, reasons=" ")
    row = case.do("village_secretary", services.refuse_claim, row, reasons="没有在值班表上。")
    assert (row.state, case.balance(), case.awards()) == (State.REFUSED, 0, 0)
    refused("wrong_state", case.confirm, row, "clerk")


# B10: what was spent is written off, nobody goes below nothing, and once only
def test_a_mistake_is_taken_back_once_and_what_was_spent_the_county_carries(case: Earning) -> None:
    row = case.awarded()
    with case.cast.everything() as by:
        mine = open_account(kind=AccountKind.RESIDENT, area=case.home.area_id, resident=case.one.pk, by=by)
        shop = open_account(kind=AccountKind.SHOP, area=case.home.area_id, name="便民店", by=by)
        post_transfer(caller="t", key="spent", debit=mine.pk, credit=shop.pk, amount=8, code=Code.REDEEM, by=by)
    refused("not_clerk", case.do, "village_secretary", services.correct_claim, row, reasons=WHY)
    row = case.do("clerk", services.correct_claim, row, reasons=WHY)
    assert (row.state, row.reasons, case.balance(), case.awards()) == (State.CORRECTED, WHY, 0, 0)
    refused("wrong_state", case.do, "clerk", services.correct_claim, row, reasons=WHY)
    with case.cast.everything():
        assert verify() == []


# B9: the same once more gives nothing more
def test_the_same_claim_confirmed_again_gives_nothing_more(case: Earning) -> None:
    row = case.awarded()
    refused("wrong_state", case.confirm, row, "clerk")
    assert (case.balance(), case.awards()) == (10, 1)


def test_a_person_is_thanked_once_a_day_and_so_often_a_quarter(case: Earning) -> None:
    case.awarded()
    again = case.send()
    refused("limit_reached", case.confirm, again)
    # of another day of the quarter it is another deed, and a mistake that was taken back does not count
    other = clock.today() - timedelta(days=1)
    assert case.confirm(case.send(happened_on=other)).state == State.AWARDED
    with case.cast.everything():
        done = Claim.objects.get(award__happened_on=clock.today())
    case.do("clerk", services.correct_claim, done, reasons=WHY)
    assert case.confirm(again).state == State.AWARDED


def test_limits_of_a_person_go_with_whoever_moves_beyond_the_wall_of_who_confirms(case: Earning) -> None:
    cast, there = case.cast, case.cast.household(case.cast.other)
    with cast.everything():
        case.one.household, case.one.area = there, cast.other
        case.one.save()
    case.confirm(case.send("other_cadre", area_id=cast.other.pk, household_id=there.pk), "clerk")
    with cast.everything():
        case.one.household, case.one.area = case.home, cast.own
        case.one.save()
    refused("limit_reached", case.confirm, case.send())
    assert case.awards() == 0, "what was given there"


def test_the_household_is_nobody_further_where_only_limits_of_a_person_stand(case: Earning) -> None:
    case.awarded()
    refused("person_missing", case.confirm, case.send(), resident_id=None)
    first = case.send(code=MANY)
    refused("person_missing", case.confirm, first, "clerk", resident_id=None)
    assert case.home_balance() == 0
    row = case.send()
    case.do("village_secretary", services.refuse_claim, row, reasons=WHY)
    with case.cast.everything():
        row = services.appeal_claim(claim=row, words="当天去了。", by=case.cast.actor("cadre"))
    refused("person_missing", case.do, "clerk", services.grant_appeal, row, resident_id=None)


def test_a_household_is_thanked_so_often_a_quarter_whoever_of_it_claims(case: Earning) -> None:
    with case.cast.everything():
        FunctionVersion.objects.filter(function=FEAST).update(household_day=None)
    people = [case.one, *(case.cast.resident(case.home, name) for name in ("何小明", "何小红"))]
    for one in people[:2]:
        case.confirm(case.send(code=FEAST, resident_id=one.pk), resident_id=one.pk)
    refused("limit_reached", case.confirm, case.send(code=FEAST), resident_id=people[2].pk)


@pytest.mark.parametrize(
    ("day", "first", "last"), [("2026-11-30", "2026-10-01", "2026-12-31"), ("2027-01-01", "2027-01-01", "2027-03-31")]
)
def test_a_season_is_a_quarter_of_the_year(day: str, first: str, last: str) -> None:
    assert season_of(date.fromisoformat(day)) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"code": "no_such"}, "function"),
        ({"code": "report_true"}, "function"),
        ({"code": "course_taken"}, "function"),
        ({"happened_on": clock.today() + timedelta(days=1)}, "day_to_come"),
        ({"happened_on": clock.today() - timedelta(days=61)}, "day_long_ago"),
        ({"name": " "}, "name_empty"),
        ({"witness": ""}, "witness_missing"),
        ({"code": "yard_clean"}, "photo_missing"),
        ({"code": "forest_guard"}, "place_missing"),
    ],
)
def test_what_cannot_be_claimed_is_said_in_words(case: Earning, values: dict[str, Any], code: str) -> None:
    refused(code, case.at_door, **values)


def test_a_door_does_not_fill_the_village_s_list(case: Earning) -> None:
    for _one in range(OPEN_AT_DOOR):
        case.at_door()
    refused("too_many_open", case.at_door)
    # a cadre still keys in what is on paper
    assert case.send().state == State.SENT


def test_what_waits_for_somebody_is_the_same_in_the_list_and_by_the_rule(case: Earning) -> None:
    case.awarded(happened_on=clock.today() - timedelta(days=2))
    for values in ({}, {"code": MANY}, {"who": "village_secretary"}, {"who": "clerk", "code": MANY}):
        case.send(**values)
    case.confirm(case.send(code=MANY), "clerk")
    for who in ("cadre", "village_secretary", "clerk"):
        with acting_as(by := case.cast.actor(who)):
            rows = visible_claims(by)
            listed = set(QUEUES.within(rows, "turn", by).values_list("pk", flat=True))
            assert listed == {one.pk for one in rows if waits_for(by, one.situation)}, who
            assert listed, who


@pytest.mark.parametrize("before", [False, True])
def test_whoever_has_moved_since_is_thanked_where_they_live_now(cast: Cast, before: bool) -> None:
    case = Earning(cast)
    row = case.send(resident_id=None, code=FEAST)
    if before:
        case.home_balance()
    with cast.everything() as by:
        case.home.area = case.one.area = cast.other
        case.home.save()
        case.one.save()
        follow_holders(household=case.home.pk, area=cast.other.pk, by=by)
    case.confirm(row, resident_id=None)
    with cast.everything():
        assert Holder.objects.get(household=case.home).area_id == cast.other.pk
        assert Award.objects.get(claim=row).area_id == cast.own.pk, "who was thanked there"
    assert case.home_balance() == 30


@pytest.mark.parametrize("wrong", ["area", "household", "resident"])
def test_nothing_is_claimed_for_a_household_or_a_person_of_another_place(cast: Cast, wrong: str) -> None:
    case, other = Earning(cast), Earning(cast)
    far = cast.household(cast.far)
    given: dict[str, Any] = {
        "area": {"area_id": cast.other.pk},
        "household": {"household_id": far.pk, "resident_id": None},
        "resident": {"resident_id": other.one.pk},
    }[wrong]
    with pytest.raises(NotFound):
        case.send("clerk", **given)
    with cast.everything():
        assert not Claim.objects.exists()
