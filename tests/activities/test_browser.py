"""By hand in a real browser: signed up at the door, checked in by the code on the organiser's screen, thanked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.db.models import F

from minqing.activities.models import Activity
from minqing.households.services import issue_code
from minqing.privacy.access import acting_as
from tests.activities.cases import HOUR, Doing
from tests.browser.server import sign_in
from tests.cast import Cast

pytestmark = pytest.mark.browser


def test_from_the_door_to_the_thanks(committed_cast: Cast, open_page: Any) -> None:
    with transaction.atomic():
        case = Doing(committed_cast, people=1)
        with acting_as(by := committed_cast.actor("village_secretary")):
            door = "/h/" + issue_code(household_id=case.homes[0].pk, by=by).url.split("/h/")[1]
    phone, desk = open_page("phone"), open_page("desktop")
    phone.goto(f"{door}/activities")
    phone.get_by_role("link", name="清理溪边垃圾").click()
    phone.locator("a.main-action").click()
    phone.locator("[name=proof]").fill("0001")
    phone.get_by_role("button", name="下一步").click()
    phone.get_by_role("button", name="报名").click()
    phone.get_by_text("已报名").first.wait_for()
    with transaction.atomic(), committed_cast.everything():
        # it has begun
        earlier = {name: F(name) - 5 * HOUR for name in ("starts_at", "ends_at", "sign_up_until")}
        Activity.objects.filter(pk=case.row.pk).update(**earlier)
    sign_in(desk, "cadre", f"/activities/{case.row.pk}/code")
    digits = desk.locator(".code-screen").inner_text().replace(" ", "")
    phone.reload()
    phone.locator("[name=digits]").fill(digits)
    phone.get_by_role("button", name="我到了").click()
    phone.get_by_text("您已签到").wait_for()
    desk.goto(f"/activities/{case.row.pk}/")
    desk.get_by_role("button", name="结束活动").click()
    # whoever wrote it is not the only one who looks at the list
    desk.get_by_role("button", name="确认到场名单").click()
    desk.get_by_text("待第二人复核").first.wait_for()
    other = open_page("desktop")
    sign_in(other, "village_secretary", f"/activities/{case.row.pk}/")
    other.get_by_role("button", name="确认并发放香榧币").click()
    other.get_by_text("香榧币已发放").first.wait_for()
    phone.reload()
    phone.get_by_text("已经到账").first.wait_for()
