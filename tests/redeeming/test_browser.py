"""By hand in a real browser: a resident shows the code on the phone, the shop takes the points."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from minqing.households.services import issue_code
from minqing.privacy.access import acting_as
from tests.browser.server import sign_in
from tests.cast import Cast
from tests.redeeming.shops import Small

pytestmark = pytest.mark.browser


def test_the_code_on_the_phone_is_taken_at_the_till(committed_cast: Cast, open_page: Any) -> None:
    with transaction.atomic():
        small = Small(committed_cast)
        with acting_as(by := committed_cast.actor("village_secretary")):
            door = "/h/" + issue_code(household_id=small.home.pk, by=by).url.split("/h/")[1]
    phone = open_page("phone")
    phone.goto(f"{door}/points")
    phone.locator("[name=proof]").fill("0001")
    phone.get_by_role("button", name="下一步").click()
    # from one's own page a purchase is one tap, and eight digits read out
    phone.get_by_role("button", name="到店出示兑换码").click()
    digits = phone.locator(".display-3").inner_text()
    desk = open_page("desktop")
    sign_in(desk, "village_secretary")
    desk.goto(f"/redeeming/shops/{small.shop.pk}/till")
    desk.locator("[name=code]").fill(digits)
    desk.locator("input[type=number]").first.fill("1")
    desk.get_by_role("button", name="确认收取").click()
    desk.get_by_text("矿泉水").first.wait_for()
    phone.goto(f"{door}/points")
    assert phone.locator(".display-4").inner_text().strip() == "25"
    with transaction.atomic():
        assert small.left() == (4, 25)
