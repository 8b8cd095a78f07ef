"""The way through the browser: a shop is opened and stocked, a resident shows a code, the shopkeeper takes it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.points.enums import AccountKind
from minqing.points.models import Holder
from minqing.points.services import open_account
from minqing.redeeming.models import Sale, Shop, ShownCode
from minqing.redeeming.queries.shops import words_of
from minqing.redeeming.rules import SHOWN_FOR, TOLD_FOR
from tests.cast import Cast
from tests.redeeming.shops import Small

pytestmark = pytest.mark.django_db
PHONE = "13857500001"


def at_door(small: Small) -> tuple[Client, str, str]:
    """A phone that is known at the door; the addresses of the points and of the code."""
    token, client = small.cast.code(small.home), Client()
    own = reverse("points:own", args=[token])
    assert client.post(reverse("doorstep:who", args=[token]), {"proof": PHONE[-4:]}).status_code == 302
    return client, own, reverse("redeeming:code", args=[token])


def shown(small: Small, client: Client, code: str) -> str:
    page = client.post(code, {"account": str(small.payer)}).content.decode()
    (found,) = re.findall(r"<strong>(\d{4} \d{4})</strong>", page)
    return str(found)


def take(small: Small, **data: Any) -> Any:
    page = reverse("redeeming:till", args=[small.shop.pk])
    client = small.cast.client("village_secretary")
    form = client.get(page).context["form"]
    (name,) = form.counts
    given = {"request_id": str(form["request_id"].value()), name: "2"}
    return client.post(page, given | data)


def test_in_three_taps_something_is_paid_and_stands_in_the_own_account(cast: Cast) -> None:
    small = Small(cast)
    client, own, code = at_door(small)
    page = client.get(own).content.decode()
    assert "矿泉水" in page
    assert "村口超市" in page
    assert take(small, code=shown(small, client, code)).status_code == 302
    with cast.everything():
        (sale,) = Sale.objects.all()
        assert words_of([sale.pk]) == {sale.pk: "矿泉水 ×2"}
    after = client.get(own)
    assert after.context["purses"][0]["purse"].holding.available == 10
    assert "矿泉水 ×2" in after.content.decode()
    day = cast.client("village_secretary").get(reverse("redeeming:day", args=[small.shop.pk]))
    assert (day.context["day"].sum, "何桂香" in day.content.decode()) == (30, False)
    line = day.context["day"].lines[0]
    back = reverse("redeeming:give_back", args=[small.shop.pk, line.pk])
    for status in (302, 422):
        assert cast.client("village_secretary").post(back, {"reason": "wrong"}).status_code == status
    assert small.left() == (5, 40)


def test_whoever_shows_a_code_says_how_much_it_is_good_for_and_reads_what_was_taken(cast: Cast) -> None:
    small = Small(cast)
    client, _own, code = at_door(small)
    page = client.post(code, {"account": str(small.payer), "most": "20"})
    assert (page.context["most"], "最多 20 枚" in page.content.decode()) == (20, True)
    spent = re.findall(r'hx-get="([^"]+/spent[^"]*)"', page.content.decode())[0]
    asked = client.get(spent)
    assert (asked.context["sale"], "hx-get" in asked.content.decode()) == (None, True)
    # the digits stand there as long as they are good, and no longer
    assert 'id="code"' not in asked.content.decode()
    run_out = str(int((clock.now() - SHOWN_FOR).timestamp()))
    assert 'id="code"' in client.get(re.sub(r"\d+$", run_out, spent)).content.decode()
    # left open it stops to ask
    old = str(int((clock.now() - TOLD_FOR).timestamp()))
    assert "hx-get" not in client.get(re.sub(r"\d+$", old, spent)).content.decode()
    (digits,) = re.findall(r"<strong>(\d{4} \d{4})</strong>", page.content.decode())
    answer = take(small, code=digits)
    assert (answer.status_code, "最多用 20 枚" in answer.content.decode()) == (422, True)
    # what was not taken has not used it up
    (name,) = answer.context["form"].counts
    assert take(small, code=digits, **{name: "1"}).status_code == 302
    told = client.get(spent)
    assert (told.context["sum"], "矿泉水" in told.content.decode()) == (15, True)
    assert 'id="code"' in told.content.decode()
    assert Client().get(spent).status_code == 302
    # without a number it is for what one usually takes, and for no more than is there
    assert client.post(code, {"account": str(small.payer), "most": "x"}).context["most"] == 25


def test_a_code_for_the_household_s_points_stands_for_whoever_shows_it(cast: Cast) -> None:
    small = Small(cast)
    with cast.everything() as by:
        given = {"kind": AccountKind.HOUSEHOLD, "area": cast.own.pk, "household": small.home.pk}
        common = open_account(by=by, **given).pk
        young = cast.resident(small.home, "何小明", phone="13857500002")
    client, _own, code = at_door(small)
    client.post(reverse("doorstep:who", args=[code.split("/")[2]]), {"proof": "0002"})
    assert client.post(code, {"account": str(common)}).status_code == 200
    with cast.everything():
        assert ShownCode.objects.get().person_id == Holder.objects.get(resident=young).pk


@pytest.mark.parametrize("wrong", [{"code": "1234"}, {"code": ""}, {"code": "x" * 30}])
def test_what_is_wrong_at_the_till_is_said_in_words(cast: Cast, wrong: dict[str, str]) -> None:
    answer = take(Small(cast), **wrong)
    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_a_price_that_has_changed_is_said_once_and_taken_the_next_time(cast: Cast) -> None:
    small = Small(cast)
    client, code = cast.client("village_secretary"), small.code()
    page = reverse("redeeming:till", args=[small.shop.pk])
    form = client.get(page).context["form"]
    said = {name: form[name].value() or "1" for name in form.fields} | {"code": code}
    with cast.everything():
        type(small.water).objects.update(price=20)
    again = client.post(page, said)
    assert (again.status_code, small.left()) == (422, (5, 40))
    form = again.context["form"]
    said = {name: form[name].value() for name in form.fields}
    assert client.post(page, said).status_code == 302
    assert small.left() == (4, 20)


def test_nobody_shows_a_code_for_another_s_points_or_without_being_known(cast: Cast) -> None:
    small, other = Small(cast), Small(cast)
    client, own, code = at_door(small)
    assert client.post(code, {"account": str(other.payer)}).status_code == 404
    assert client.get(code).headers["Location"] == own
    asked = Client().post(code, {"account": str(small.payer)}).headers["Location"]
    assert asked.startswith(own.removesuffix("points") + "who?next=")


def test_a_shop_is_opened_stocked_and_given_other_keepers(cast: Cast) -> None:
    small = Small(cast)
    clerk = cast.client("clerk")
    page = reverse("redeeming:open_shop")
    form = clerk.get(page).context["form"]
    data = {"request_id": str(form["request_id"].value()), "area": cast.own.pk, "name": "老年食堂",
            "keepers": [str(cast.account("cadre").pk)]}  # fmt: skip
    assert clerk.post(page, data | {"name": ""}).status_code == 422
    assert clerk.post(page, data).status_code == 302
    with cast.everything():
        made = Shop.objects.get(name="老年食堂")
    stock = {"request_id": str(new_id()), "item": str(small.water.pk), "count": "4"}
    assert clerk.post(reverse("redeeming:stock", args=[made.pk]), stock).status_code == 302
    stock = {"request_id": str(new_id()), "item": str(small.water.pk), "count": "-9"}
    assert clerk.post(reverse("redeeming:stock", args=[made.pk]), stock).status_code == 422
    cadre = cast.client("cadre")
    assert "老年食堂" in cadre.get(reverse("redeeming:shops")).content.decode()
    assert "老年食堂" not in cast.client("far_cadre").get(reverse("redeeming:shops")).content.decode()
    assert cadre.get(reverse("redeeming:till", args=[made.pk])).status_code == 200
    seen = clerk.get(reverse("redeeming:shop", args=[made.pk])).context["forms"][1].token
    keepers = {"seen": seen, "keepers": [str(cast.account("village_secretary").pk)]}
    assert clerk.post(reverse("redeeming:keepers", args=[made.pk]), keepers).status_code == 302
    assert cadre.get(reverse("redeeming:till", args=[made.pk])).status_code == 404
