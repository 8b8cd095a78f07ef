"""How many taps the most frequent acts take, counted as a finger makes them: a tap into a field counts too."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from minqing.households.models import Household
from minqing.matters.models import Matter
from minqing.visits.models import Visit
from tests.browser.server import sign_in
from tests.browser.test_journey import door, home
from tests.cast import Cast, category

__all__ = ["door", "home"]
pytestmark = pytest.mark.browser
SAID = "村口公交站的路灯坏了，道路很黑。"


class Finger:
    def __init__(self) -> None:
        self.taps = 0

    def on(self, place: Any) -> None:
        place.locator("visible=true").first.click()
        self.taps += 1


def test_a_resident_reports_by_the_code_in_three(committed_cast: Cast, door: str, open_page: Any) -> None:
    page, finger = open_page("phone"), Finger()
    page.goto(door)
    finger.on(page.get_by_role("link", name="我要反映"))
    finger.on(page.get_by_label("什么事"))
    page.keyboard.type(SAID)
    page.wait_for_timeout(3200)
    finger.on(page.get_by_role("button", name="提交"))
    page.wait_for_url("**/thanks")
    assert finger.taps <= 3
    with transaction.atomic(), committed_cast.everything():
        assert Matter.objects.get().text == SAID


def test_a_cadre_writes_a_diary_in_five(committed_cast: Cast, home: Household, open_page: Any) -> None:
    page, finger = open_page("phone"), Finger()
    sign_in(page, "cadre")
    finger.on(page.get_by_text("溪边路7号"))
    finger.on(page.get_by_role("link", name="写日记"))
    finger.on(page.get_by_text("单桂芬 · 户主"))
    finger.on(page.get_by_label("群众说了什么"))
    page.keyboard.type("都好。")
    finger.on(page.get_by_role("button", name="保存"))
    page.get_by_text("日记已保存", exact=False).wait_for()
    assert finger.taps <= 5
    with transaction.atomic(), committed_cast.everything():
        assert Visit.objects.get().household_id == home.pk


def test_a_clerk_assigns_as_suggested_in_one(committed_cast: Cast, open_page: Any) -> None:
    with transaction.atomic():
        one = committed_cast.matter(title="路灯不亮", category=category("transport"))
    page, finger = open_page("desktop"), Finger()
    sign_in(page, "clerk", "/matters/triage/")
    page.locator("#view [data-opened]").wait_for()
    finger.on(page.locator("[data-main]"))
    page.locator("#toasts").get_by_text("已交给").wait_for()
    assert finger.taps <= 1
    with transaction.atomic(), committed_cast.everything():
        assert Matter.objects.get(pk=one.pk).state == "assigned"
