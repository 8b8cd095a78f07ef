"""What is had in a shop: a code that is good once, stock and points together or not at all, and what comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from minqing.core import clock
from minqing.core.errors import Conflict, DomainError, Invalid, NotFound, Refused, SentBefore
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.points.enums import AccountKind, Code
from minqing.points.queries import balance_of
from minqing.points.services import forget_holder, open_account, post_transfer
from minqing.privacy.subjects import Person, copy_of, erase_person
from minqing.redeeming.enums import Reason
from minqing.redeeming.models import Sale, SaleLine, ShownCode
from minqing.redeeming.rules import SHOWN_FOR
from minqing.redeeming.subjects import SUBJECTS
from tests.cast import Cast
from tests.points.ledgers import holds
from tests.redeeming.shops import Small

pytestmark = pytest.mark.django_db


def refused(why: str, small: Small, **given: object) -> None:
    before = small.left()
    with pytest.raises(DomainError) as told:
        small.sell(**given)  # type: ignore[arg-type]
    assert (told.value.code, small.left()) == (why, before)
    assert str(told.value.sentence)


def test_what_is_had_is_paid_out_of_the_stock_and_told(cast: Cast) -> None:
    small = Small(cast)
    sale = small.sell(count=2)
    assert small.left() == (3, 10)
    with cast.everything():
        line = SaleLine.objects.get(sale=sale)
        event = Event.objects.get(type="redeeming.sale.made")
        assert balance_of(small.shop.account_id).available == 30
    assert (line.count, line.price, line.sum) == (2, 15, 30)
    assert event.data == {"shop": str(small.shop.pk), "area": cast.own.pk, "price": 30}
    assert holds()


@pytest.mark.case("B7")
def test_the_same_form_again_is_the_same_sale_and_another_content_is_refused(cast: Cast) -> None:
    small = Small(cast)
    id, code = new_id(), small.code()
    first = small.sell(code, id=id)
    assert small.sell(code, id=id).pk == first.pk
    assert small.left() == (4, 25)
    with pytest.raises(SentBefore):
        small.sell(code, count=2, id=id)


@pytest.mark.case("B8")
def test_a_code_is_good_once_and_whoever_comes_second_is_told_when_it_was_used(cast: Cast) -> None:
    small = Small(cast)
    code = small.code()
    small.sell(f" {code[:4]} {code[4:]} ")
    refused("code_used", small, code=code)


def test_a_code_is_taken_as_a_chinese_keyboard_types_it(cast: Cast) -> None:
    small = Small(cast)
    code = small.code()
    small.sell("".join(chr(ord(one) + 0xFEE0) for one in code))
    assert small.left() == (4, 25)


def test_a_code_is_good_for_a_moment_and_only_the_last_that_was_shown(cast: Cast) -> None:
    small = Small(cast)
    first = small.code()
    second = small.code()
    refused("code_over", small, code=first)
    refused("code_over", small, code=second, at=clock.now() + SHOWN_FOR + timedelta(seconds=1))
    refused("code_unknown", small, code="00000000x")
    small.sell(second)
    with cast.everything():
        assert not ShownCode.objects.filter(digest__contains=second).exists(), "only a digest is kept"


def test_a_refusal_leaves_the_code_good_and_the_shop_as_it_was(cast: Cast) -> None:
    small = Small(cast, points=20, count=3)
    code = small.code()
    refused("points_insufficient", small, code=code, count=2)
    refused("none_left", small, code=code, count=4)
    small.sell(code)
    assert small.left() == (2, 5)
    assert holds()


@pytest.mark.parametrize("count", [0, -1, 21])
def test_nothing_or_too_much_at_once_is_no_sale(cast: Cast, count: int) -> None:
    small = Small(cast)
    with pytest.raises(Invalid):
        small.sell(count=count)


def test_a_month_has_its_limit_and_what_was_given_back_does_not_count(cast: Cast) -> None:
    small = Small(cast, points=100, monthly_limit=2)
    first = small.sell(count=2)
    refused("monthly_limit", small)
    with cast.everything():
        line = first.lines.get()
    small.do("give_back", line=line, reason=Reason.UNWANTED)
    small.sell()
    assert small.left() == (4, 85)


def test_a_month_s_limit_is_the_person_s_whichever_purse_pays(cast: Cast) -> None:
    small = Small(cast, points=100, monthly_limit=1)
    with cast.everything() as by:
        given = {"kind": AccountKind.HOUSEHOLD, "area": cast.own.pk, "household": small.home.pk}
        common = open_account(by=by, **given).pk
        moved = {"debit": small.payer, "credit": common, "amount": 50, "code": Code.MOVE}
        post_transfer(caller="tests", key="common", by=by, **moved).checked()
        other = open_account(
            kind=AccountKind.RESIDENT, area=cast.own.pk, resident=cast.resident(small.home, "何小明").pk, by=by
        )
    small.sell()
    by_household = {"payer": common, "person": small.payer}
    refused("monthly_limit", small, code=small.do("show_code", **by_household)[0])
    # somebody else of the household has one of their own, from the same purse
    small.sell(code=small.do("show_code", payer=common, person=other.pk)[0])
    with cast.everything():
        assert (balance_of(small.payer).available, balance_of(common).available) == (35, 35)


def test_a_code_is_good_for_no_more_than_whoever_shows_it_said_and_at_the_price_that_was_seen(cast: Cast) -> None:
    small = Small(cast)
    for most, count in ((14, 1), (29, 2)):
        refused("beyond_code", small, code=small.do("show_code", payer=small.payer, most=most)[0], count=count)
    refused("price_changed", small, prices={small.water.pk: 14})
    code = small.do("show_code", payer=small.payer, most=30)[0]
    small.sell(code=code, count=2, prices={small.water.pk: 15})
    assert small.left() == (3, 10)


def test_what_was_had_in_another_village_counts_for_the_month(cast: Cast) -> None:
    small = Small(cast, points=100)
    given = {"id": new_id(), "area_id": cast.town.pk, "kind": "good", "name": "米", "price": 10, "monthly_limit": 1}
    rice = small.do("add_item", "clerk", **given)
    small.do("stock_shop", id=new_id(), shop=small.shop, item=rice, count=3)
    keepers = [cast.account("other_cadre").pk]
    there = small.do("open_shop", "clerk", id=new_id(), area_id=cast.other.pk, name="邻村超市", keepers=keepers)
    small.do("stock_shop", "clerk", id=new_id(), shop=there, item=rice, count=3)
    small.sell(wanted={rice.pk: 1})
    with pytest.raises(Conflict) as told:
        small.do("sell", "other_cadre", id=new_id(), shop=there, code=small.code(), wanted={rice.pk: 1})
    assert told.value.code == "monthly_limit"


@pytest.mark.case("B25")
def test_what_comes_back_is_in_the_shop_again_with_its_points_once(cast: Cast) -> None:
    small = Small(cast)
    tissue = small.do(
        "add_item", id=new_id(), area_id=cast.own.pk, kind="good", name="抽纸", price=10, monthly_limit=None
    )
    small.do("stock_shop", id=new_id(), shop=small.shop, item=tissue, count=1)
    sale = small.sell(wanted={small.water.pk: 1, tissue.pk: 1})
    with cast.everything():
        line = sale.lines.get(item=tissue)
    small.do("give_back", line=line, reason=Reason.WRONG)
    with pytest.raises(Conflict) as told:
        small.do("give_back", line=line, reason=Reason.WRONG)
    assert told.value.code == "returned"
    with cast.everything():
        assert (balance_of(small.payer).available, balance_of(small.shop.account_id).available) == (25, 15)
        assert SaleLine.objects.get(pk=line.pk).reason == "wrong"
    assert holds()


def test_of_somebody_who_was_erased_nothing_is_taken_back_and_the_shop_reads_why(cast: Cast) -> None:
    small = Small(cast)
    with cast.everything() as by:
        line = small.sell().lines.get()
        forget_holder(account=small.payer, by=by, at=clock.now())
    with pytest.raises(Conflict) as told:
        small.do("give_back", line=line, reason=Reason.WRONG)
    assert told.value.code == "payer_gone"
    with cast.everything():
        assert SaleLine.objects.get(pk=line.pk).returned_at is None
    assert holds()


def test_what_is_broken_does_not_go_back_into_the_stock(cast: Cast) -> None:
    small = Small(cast)
    with cast.everything():
        line = small.sell().lines.get()
    small.do("give_back", line=line, reason=Reason.BROKEN)
    assert small.left() == (4, 40)


@pytest.mark.case("B38")
def test_a_stock_never_falls_below_nothing(cast: Cast) -> None:
    small = Small(cast, count=1)
    with pytest.raises(Conflict):
        small.do("stock_shop", id=new_id(), shop=small.shop, item=small.water, count=-2)
    small.do("stock_shop", id=(id := new_id()), shop=small.shop, item=small.water, count=3)
    small.do("stock_shop", id=id, shop=small.shop, item=small.water, count=3)
    assert small.left()[0] == 4


def test_nobody_else_takes_points_there(cast: Cast) -> None:
    small = Small(cast)
    code = small.code()
    for who in ("cadre", "clerk", "far_clerk"):
        with pytest.raises((Refused, NotFound)):
            small.do("sell", who, id=new_id(), shop=small.shop, code=code, wanted={small.water.pk: 1})
    with cast.everything():
        assert not Sale.objects.exists()
    small.do("change_keepers", shop=small.shop, keepers=[cast.account("cadre").pk])
    with pytest.raises(Refused):
        small.sell(code)
    small.do("sell", "cadre", id=new_id(), shop=small.shop, code=code, wanted={small.water.pk: 1})


def test_what_somebody_had_is_in_the_copy_of_what_is_held_of_them_and_of_nobody_else(cast: Cast) -> None:
    small = Small(cast)
    small.sell(count=2)
    other = cast.resident(small.home, "何小明")
    with cast.everything() as by:
        for one, rows in ((small.one, 1), (other, 0)):
            person = Person(cause="test:1", name=one.name, resident=one.pk, household=small.home.pk)
            told = {section.code: section.rows for section in copy_of(person)}
            assert len(told.get("sales", [])) == rows
        person = Person(cause="test:1", name="何桂香", resident=small.one.pk, household=small.home.pk)
        (row,) = {section.code: section.rows for section in copy_of(person)}["sales"]
        assert (row["what"], row["count"], row["points"], row["shop"]) == ("矿泉水", "2", "30", "村口超市")
        # once the account is nobody's, so is what was had
        erase_person(person=person, by=by, at=clock.now())
        assert SUBJECTS.find(person).records == 0
