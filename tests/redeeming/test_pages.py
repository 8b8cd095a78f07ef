"""The way through the browser: a shop is opened and stocked, a resident shows a code, the shopkeeper takes it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.redeeming.models import Sale, Shop
from minqing.redeeming.queries.shops import words_of
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


@pytest.mark.parametrize("wrong", [{"code": "1234"}, {"code": ""}, {"code": "x" * 30}])
def test_what_is_wrong_at_the_till_is_said_in_words(cast: Cast, wrong: dict[str, str]) -> None:
    answer = take(Small(cast), **wrong)
    assert answer.status_code == 422
    assert answer.context["form"].errors


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
