"""By hand in a real browser: found on a phone, confirmed at a desk, put right with a photo, looked at and closed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from tests.browser.server import sign_in
from tests.cast import Cast
from tests.files.pictures import jpeg
from tests.hazards.cases import HOW, Finding

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
