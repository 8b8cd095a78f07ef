"""By hand in a real browser: booked behind the door, done by the provider, confirmed by the household."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from minqing.bookings.models import Booking
from minqing.core import clock
from minqing.households.services import issue_code
from minqing.privacy.access import acting_as
from tests.bookings.world import World
from tests.browser.server import sign_in
from tests.cast import Cast

pytestmark = pytest.mark.browser


def test_a_haircut_from_the_door_to_the_provider_s_points(committed_cast: Cast, open_page: Any) -> None:
    with transaction.atomic():
        world = World(committed_cast)
        with acting_as(by := committed_cast.actor("village_secretary")):
            door = "/h/" + issue_code(household_id=world.home.pk, by=by).url.split("/h/")[1]
    phone = open_page("phone")
    phone.goto(f"{door}/points")
    phone.locator("[name=proof]").fill("0001")
    phone.get_by_role("button", name="下一步").click()
    phone.goto(f"{door}/bookings")
    phone.get_by_role("link", name="上门理发").click()
    phone.locator("a[href^='?at=']").first.click()
    phone.get_by_role("button", name="确认预约").click()
    phone.locator("section.card .tag").first.wait_for()
    booked = phone.url
    with transaction.atomic(), committed_cast.everything():
        row = Booking.objects.get()
        # minutes after midnight that was yesterday
        day = clock.local_date(world.past(row, ago=timedelta(minutes=40)).begins_at).isoformat()
    desk = open_page("phone")
    sign_in(desk, "volunteer", f"/bookings/providers/{world.provider.pk}/day?day={day}")
    desk.get_by_role("link", name="上门理发").click()
    desk.get_by_role("button", name="我已到达").click()
    desk.get_by_role("button", name="已做好").click()
    desk.get_by_text("待确认").first.wait_for()
    phone.goto(booked)
    phone.locator("form button.btn-primary").first.click()
    phone.get_by_text("已做好并确认").first.wait_for()
    with transaction.atomic():
        assert world.earned() == 40
        assert world.left() == (60, 0)
