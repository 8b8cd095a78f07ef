"""The bell and the pages of notices in a real browser, on phone and desk."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from minqing.core import clock
from minqing.notify.kinds import DIGEST, KINDS, TEST
from tests.browser.server import sign_in
from tests.cast import Cast
from tests.notify.conftest import tell

pytestmark = pytest.mark.browser
# kinds that the server, a process of its own, knows too
KNOWN = [(TEST, {}), (DIGEST, {"count": 3}), (DIGEST, {"count": 12})]


@pytest.fixture
def settled() -> Callable[[Any, str], None]:
    """A page that fits its screen and breaks no rule of accessibility; kept as a picture in ``MINQING_LOOK``."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def check(page: Any, name: str) -> None:
        page.wait_for_load_state("networkidle")
        if folder := os.environ.get("MINQING_LOOK"):
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()

    return check


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_bell_rings_and_a_notice_leads_to_its_page(
    committed_cast: Cast, open_page: Callable[..., Any], settled: Callable[..., None], size: str
) -> None:
    account = committed_cast.account("cadre").id
    for hours, (kind, params) in enumerate(KNOWN):
        tell(account, KINDS.of(kind), params=params, link="/households/", at=clock.now() - timedelta(hours=hours))
    page = open_page(size)
    sign_in(page, "cadre")
    page.wait_for_selector(".bell .count")
    assert page.inner_text(".bell .count") == "3"
    settled(page, f"today-{size}")
    page.click(".bell")
    page.wait_for_url("**/notices/")
    settled(page, f"list-{size}")
    page.get_by_role("button", name="测试消息").click()
    page.wait_for_url("**/households/")
    page.wait_for_selector(".bell .count")
    assert page.inner_text(".bell .count") == "2"
    page.goto("/notices/")
    with page.expect_navigation():
        page.get_by_role("button", name="全部标为已读").click()
    assert page.locator(".bell .count").count() == 0
    settled(page, f"read-{size}")
    page.goto("/notices/choices/")
    settled(page, f"choices-{size}")
