"""Two at the same thing for points, in both orders."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.points.queries import balance_of
from minqing.redeeming import services
from minqing.redeeming.codes import digest_of, new_code
from minqing.redeeming.enums import ItemKind, Reason
from minqing.redeeming.models import Item, Keeper, PaperLine, Settled, Shop, ShownCode
from minqing.redeeming.queries.papers import Figures
from minqing.redeeming.rules import SHOWN_FOR
from tests.pairs import Pair, Refusal, Scenes, Stage, play, stage
from tests.redeeming.shops import Small

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()
WATER: dict[str, Any] = {"kind": ItemKind.GOOD, "name": "矿泉水", "price": 15, "monthly_limit": None}


@SCENES.of(services.add_item)
def the_same_form_twice(stage: Stage) -> Pair:
    id = new_id()
    call = stage.call("clerk", services.add_item, id=id, area_id=stage.cast.own.pk, **WATER)

    def look(*_ends: Any) -> None:
        assert Item.objects.filter(pk=id).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.note_paper)
def one_line_of_a_paper_twice(stage: Stage) -> Pair:
    small = stage.given(lambda: Small(stage.cast))
    given = {"shop": small.shop, "day": clock.today(), "what": "矿泉水", "slip": "", "given": Figures(2, 30)}
    call = stage.call("clerk", services.note_paper, **given)

    def look(*ends: Any) -> None:
        assert (sorted(ends), PaperLine.objects.filter(shop=small.shop).count()) == (["created", "unchanged"], 1)

    return Pair(call, call, look)


@SCENES.of(services.settle_difference)
def two_say_why_paper_and_ledger_differ(stage: Stage) -> Pair:
    small, day = stage.given(lambda: Small(stage.cast)), clock.today()
    given: dict[str, Any] = {"shop": small.shop, "day": day, "what": "矿泉水"}
    stage.done("clerk", services.note_paper, **given, slip="", given=Figures(2, 30))
    given |= {"paper": Figures(2, 30), "ledger": None}
    one, other = (
        stage.call("clerk", services.settle_difference, id=new_id(), **given, words=words) for words in ("漏记", "写错")
    )

    def look(*ends: Any) -> None:
        assert sorted(type(end).__name__ for end in ends) == ["Refusal", "Settled"]
        assert Settled.objects.filter(shop=small.shop).count() == 1

    return Pair(one, other, look)


@SCENES.of(services.close_shop)
def closed_for_two_reasons(stage: Stage) -> Pair:
    small = stage.given(lambda: Small(stage.cast))
    calls = [
        stage.call(who, services.close_shop, shop=small.shop, day=clock.today(), words=who)
        for who in ("village_secretary", "clerk")
    ]

    def look(*ends: Any) -> None:
        assert [one.code for one in ends if isinstance(one, Refusal)] == ["shop_closed"], ends

    return Pair(*calls, look)


@SCENES.of(services.change_item)
def one_says_the_price_and_one_ends_it(stage: Stage) -> Pair:
    one = stage.done("clerk", services.add_item, id=new_id(), area_id=stage.cast.own.pk, **WATER)

    def look(*_ends: Any) -> None:
        row = Item.objects.get(pk=one.pk)
        assert (row.price, row.active) == (20, False)

    return Pair(
        stage.call("clerk", services.change_item, item=one, price=20),
        stage.call("village_secretary", services.change_item, item=one, active=False),
        look,
    )


def small(stage: Stage, **given: Any) -> Small:
    with transaction.atomic():
        return Small(stage.cast, **given)


def refusals(ends: Any) -> list[str]:
    return [one.code for one in ends if isinstance(one, Refusal)]


@SCENES.of(services.open_shop)
def the_same_shop_opened_twice(stage: Stage) -> Pair:
    given = {"id": new_id(), "area_id": stage.cast.own.pk, "name": "村口超市", "keepers": []}
    call = stage.call("clerk", services.open_shop, **given)

    def look(*_ends: Any) -> None:
        assert Shop.objects.filter(pk=given["id"]).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.change_keepers)
def two_say_who_keeps_a_shop(stage: Stage) -> Pair:
    one = small(stage)
    people = [stage.cast.account(who).pk for who in ("cadre", "clerk")]

    def look(*_ends: Any) -> None:
        assert Keeper.objects.filter(shop=one.shop).count() == 1

    calls = [stage.call("clerk", services.change_keepers, shop=one.shop, keepers=[person]) for person in people]
    return Pair(*calls, look)


@SCENES.of(services.stock_shop, services.sell)
def something_is_had_while_more_of_it_comes(stage: Stage) -> Pair:
    one = small(stage, count=1)
    wanted = {one.water.pk: 1}
    with transaction.atomic():
        code = one.code()

    def look(*ends: Any) -> None:
        assert (refusals(ends), one.left()) == ([], (3, 25))

    return Pair(
        stage.call("clerk", services.stock_shop, id=new_id(), shop=one.shop, item=one.water, count=3),
        stage.call("village_secretary", services.sell, id=new_id(), shop=one.shop, code=code, wanted=wanted),
        look,
    )


@SCENES.of(services.sell)
def the_last_piece_for_two(stage: Stage) -> Pair:
    one, other = small(stage, count=1), small(stage, count=0)
    wanted = {one.water.pk: 1}
    with transaction.atomic():
        codes = [one.code(), other.code()]
    calls = [
        stage.call("village_secretary", services.sell, id=new_id(), shop=one.shop, code=code, wanted=wanted)
        for code in codes
    ]

    def look(*ends: Any) -> None:
        assert (refusals(ends), one.left()[0]) == (["none_left"], 0)
        assert sorted(balance_of(each.payer).available for each in (one, other)) == [25, 40]

    return Pair(*calls, look)


@SCENES.of(services.sell)
def the_same_code_at_two_shops(stage: Stage) -> Pair:
    one = small(stage)
    with transaction.atomic():
        shops, code = [one.shop, one.another()], one.code()
    wanted = {one.water.pk: 1}
    calls = [
        stage.call("village_secretary", services.sell, id=new_id(), shop=shop, code=code, wanted=wanted)
        for shop in shops
    ]

    def look(*ends: Any) -> None:
        assert (refusals(ends), balance_of(one.payer).available) == (["code_used"], 25)

    return Pair(*calls, look)


@SCENES.of(services.show_code)
def two_codes_of_one_purse(stage: Stage) -> Pair:
    one = small(stage)
    call = stage.call("system", services.show_code, payer=one.payer)

    def look(*ends: Any) -> None:
        good = ShownCode.objects.filter(payer=one.payer, used_at=None, expires_at__gt=clock.now()).count()
        assert (len({code for code, _until in ends}), good) == (2, 1)

    return Pair(call, call, look, alike=True)


@SCENES.of(services.sell)
def one_balance_at_two_shops(stage: Stage) -> Pair:
    one = small(stage, points=20)
    with transaction.atomic():
        shops, code = [one.shop, one.another()], one.code()
        # another phone of the same household shows a code of the same purse, which a newer one has not ended yet
        digest = digest_of(typed_there := new_code())
        ShownCode.objects.create(
            digest=digest, payer_id=one.payer, shown_at=clock.now(), expires_at=clock.now() + SHOWN_FOR
        )
    wanted = {one.water.pk: 1}
    calls = [
        stage.call("village_secretary", services.sell, id=new_id(), shop=shop, code=typed, wanted=wanted)
        for shop, typed in zip(shops, (code, typed_there), strict=True)
    ]

    def look(*ends: Any) -> None:
        assert (refusals(ends), balance_of(one.payer).available) == (["points_insufficient"], 5)
        ShownCode.objects.filter(pk=digest).delete()

    return Pair(*calls, look)


@SCENES.of(services.give_back)
def one_thing_given_back_twice(stage: Stage) -> Pair:
    one = small(stage)
    with transaction.atomic():
        sale = one.sell()
    line = stage.given(sale.lines.get)
    call = stage.call("village_secretary", services.give_back, line=line, reason=Reason.WRONG)

    def look(*ends: Any) -> None:
        assert (refusals(ends), one.left()) == (["returned"], (5, 40))

    return Pair(call, call, look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
