"""By hand in a real browser: said on the phone what was done, confirmed by the secretary, and the points are there."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from minqing.earning.models import Claim
from minqing.households.services import issue_code
from minqing.privacy.access import acting_as
from tests.browser.server import sign_in
from tests.cast import Cast
from tests.earning.cases import Earning

pytestmark = pytest.mark.browser


def test_from_the_door_to_the_account(committed_cast: Cast, open_page: Any) -> None:
    with transaction.atomic():
        case = Earning(committed_cast)
        with acting_as(by := committed_cast.actor("village_secretary")):
            door = "/h/" + issue_code(household_id=case.home.pk, by=by).url.split("/h/")[1]
    phone = open_page("phone")
    phone.goto(door)
    phone.get_by_role("link", name="我要挣香榧币").click()
    phone.get_by_text("乡风文明").click()
    phone.get_by_role("link", name="照料邻家老人").click()
    phone.get_by_label("谁做的").fill("何桂香")
    phone.get_by_label("谁看见的").fill("村妇联主席")
    # nobody fills it in within three seconds, and the server is another process
    phone.wait_for_timeout(3200)
    phone.get_by_role("button", name="提交").click()
    phone.get_by_role("heading", name="待确认").wait_for()
    with transaction.atomic(), committed_cast.everything():
        row = Claim.objects.get(household=case.home)
    desk = open_page("desktop")
    sign_in(desk, "village_secretary")
    desk.goto(f"/earning/{row.pk}/")
    desk.get_by_role("button", name="确认属实").click()
    desk.get_by_text("已确认，香榧币已到账").wait_for()
    phone.reload()
    phone.get_by_role("heading", name="已奖励").wait_for()
    with transaction.atomic():
        assert case.balance() == 10
