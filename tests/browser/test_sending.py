"""What was typed stays on the page while it cannot be sent: no signal, or signed out meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from minqing.matters.models import Matter
from tests.browser.server import sign_in, sign_in_by_hand
from tests.cast import Cast

pytestmark = pytest.mark.browser
LONG = "村口的路灯坏了，晚上看不见路。" * 20


@pytest.mark.fault(10)
def test_a_long_text_survives_a_dead_spot_and_a_session_that_ended(committed_cast: Cast, open_page: Any) -> None:
    page = open_page("desktop")
    sign_in(page, "clerk", "/matters/new/")
    page.locator("main [name=text]").fill(LONG)
    page.wait_for_timeout(1200)

    page.route("**/here", lambda route: route.fulfill(status=503))
    page.get_by_role("button", name="登记").click()
    page.get_by_text("还没有发出去", exact=False).wait_for()
    page.unroute("**/here")

    page.context.clear_cookies(name="sessionid")
    page.locator("main [name=text]").press("End")
    page.locator("main [name=text]").type("。")
    page.get_by_text("登录已过期", exact=False).wait_for()
    page.get_by_role("button", name="登记").click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="登录").first.click()
    sign_in_by_hand(opened.value, "clerk")
    opened.value.close()

    page.get_by_role("button", name="登记").click()
    page.wait_for_url("**/taken/")
    with transaction.atomic(), committed_cast.everything():
        assert Matter.objects.get().text == LONG + "。"
