"""By hand in a real browser: found on a phone, confirmed at a desk, put right with a photo, looked at and closed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from minqing.hazards.enums import State
from minqing.hazards.models import Hazard
from tests.browser.server import sign_in
from tests.cast import Cast
from tests.files.pictures import jpeg
from tests.hazards.cases import HOW, Finding
from tests.sync.test_browser import begin, on_the_phone, stored
from tests.sync.test_browser_journeys import in_the_valley
from tests.visits.test_browser import in_care

pytestmark = pytest.mark.browser


def test_from_the_kitchen_to_the_end(committed_cast: Cast, open_page: Any) -> None:
    with transaction.atomic():
        case = Finding(committed_cast)
    phone, desk = open_page("phone"), open_page("desktop")
    sign_in(phone, "cadre", f"/households/{case.home.pk}/")
    phone.get_by_role("link", name="上报隐患").click()
    phone.get_by_role("link", name="燃气").first.click()
    phone.get_by_text("软管老化").click()
    phone.get_by_label("在屋里屋外哪个位置？").fill("灶间")
    phone.get_by_role("button", name="上报").click()
    phone.get_by_text("待镇街核查").first.wait_for()
    address = phone.url.split("/hazards/")[1]
    sign_in(desk, "clerk", f"/hazards/{address}")
    desk.get_by_role("button", name="确认是隐患").click()
    desk.get_by_text("待整改").first.wait_for()
    phone.reload()
    phone.get_by_role("link", name="已经整改好").click()
    phone.get_by_label("怎么整改的？").fill(HOW)
    phone.locator("input[type=file]").first.set_input_files(
        {"name": "后.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    phone.get_by_role("button", name="已经整改好").click()
    phone.get_by_text("已整改，待复查").first.wait_for()
    desk.reload()
    desk.get_by_role("button", name="看过了，销号").click()
    desk.get_by_text("已销号").first.wait_for()


def test_ticked_in_the_valley_it_goes_its_way_to_the_end(committed_cast: Cast, open_page: Any) -> None:
    """Written without a signal by a cadre, checked, put right by the secretary, closed by the township."""
    house = in_care(committed_cast)
    page, village, desk = on_the_phone(open_page), open_page("phone"), open_page("desktop")
    in_the_valley(page)
    begin(page, house)
    page.get_by_text("用火用电", exact=True).click()
    page.get_by_text("电线老化", exact=False).click()
    page.get_by_label("在哪里，严重吗").first.fill("灶间")
    page.get_by_label("清单上没有的", exact=False).fill("院墙要倒")
    page.get_by_text("已存在手机里").wait_for()
    # the phone is put away, and comes back to what was ticked
    page.reload()
    assert page.get_by_label("在哪里，严重吗").first.input_value() == "灶间"
    page.get_by_role("button", name="写好了").click()
    page.get_by_text("等有信号时送出").wait_for()
    page.context.set_offline(False)
    page.get_by_text("没有待送的").wait_for()
    wires, wall = stored(lambda: list(Hazard.objects.order_by("version")), committed_cast)
    assert (wires.items, wires.words, wires.state) == (["wires"], "灶间", State.FOUND)
    assert (wall.version_id, wall.words) == (None, "院墙要倒")
    sign_in(desk, "clerk", f"/hazards/{wires.pk}/")
    desk.get_by_role("button", name="确认是隐患").click()
    desk.get_by_text("待整改").first.wait_for()
    sign_in(village, "village_secretary", f"/hazards/{wires.pk}/put-right")
    village.get_by_label("怎么整改的？").fill(HOW)
    after = {"name": "后.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    village.locator("input[type=file]").first.set_input_files(after)
    village.get_by_role("button", name="已经整改好").click()
    village.get_by_text("已整改，待复查").first.wait_for()
    desk.reload()
    desk.get_by_role("button", name="看过了，销号").click()
    desk.get_by_text("已销号").first.wait_for()
