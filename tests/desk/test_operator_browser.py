"""The operator's day in a real browser: what is not well, and a day whose change moves a deadline."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.health import Finding
from minqing.desk.services import keep_findings
from minqing.matters.models import Matter
from tests.browser.server import sign_in
from tests.cast import Cast
from tests.matters.lives import Life

pytestmark = pytest.mark.browser
FOUND = [
    Finding("carriers", False, "3 sms (answer_402)", "Pay, then try again", "channels:list"),
    Finding("disk", True, "31 GiB"),
]


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
def test_the_operator_sees_what_is_not_well_and_what_a_holiday_moves(
    committed_cast: Cast, open_page: Callable[..., Any], settled: Callable[..., None], size: str
) -> None:
    with transaction.atomic():
        matter = Life(committed_cast).accepted()
        keep_findings(found={code: FOUND for code, _name in settings.LANGUAGES}, by=Actor.system("test"))
        with committed_cast.everything():
            due = Matter.objects.get(pk=matter.pk).due_at
    assert due is not None
    page = open_page(size)
    sign_in(page, "operator")
    page.wait_for_url("**/operator/")
    settled(page, f"operator-{size}")
    page.locator(".notice a").click()
    page.wait_for_url("**/notices/channels/")
    settled(page, f"channels-{size}")
    page.goto(f"/operator/days/?year={clock.local_date(due).year}")
    settled(page, f"days-{size}")
    page.goto(f"/operator/days/{clock.local_date(due)}/")
    assert matter.number in page.inner_text("main")
    settled(page, f"day-{size}")
    page.locator("label[for=id_to_1]").click()
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="撤销").wait_for()
    settled(page, f"changed-{size}")
