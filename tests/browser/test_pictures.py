"""The README's pictures, taken from the demo village: the pages are opened and looked over each time.

``MINQING_PICTURES=1 make test ARGS=tests/browser/test_pictures.py`` writes them to docs/pictures.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from rich.console import Console

from minqing.demo.scales import Scale
from minqing.demo.services import load_demo
from minqing.households.models import HouseholdCode
from minqing.matters.enums import State
from minqing.matters.models import Confirmation, Matter
from minqing.matters.tickets import ticket_of
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.browser.server import picture, sign_in

pytestmark = pytest.mark.browser


SIGNED_IN = [
    ("today-phone", "cadre", "phone", "/"),
    ("households-phone", "cadre", "phone", "/households/"),
    ("triage-desktop", "clerk", "desktop", "/matters/triage/"),
    ("matters-desktop", "clerk", "desktop", "/matters/"),
    ("leader-phone", "leader", "phone", "/leader/"),
    ("leader-desktop", "leader", "desktop", "/leader/"),
    ("unit-desktop", "handler", "desktop", "/"),
]


@pytest.fixture
def settled() -> Callable[[Any, str], None]:
    """Keeps a picture of a page that fits its screen and breaks no rule of accessibility."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def check(page: Any, name: str) -> None:
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
        picture(page, name)

    return check


def test_the_demo_village_is_worth_a_picture(committed: None, settled: Callable[..., None], open_page: Any) -> None:
    load_demo(scale=Scale.VILLAGE, seed=1, console=Console(file=io.StringIO()))
    for name, who, size, address in SIGNED_IN:
        page = open_page(size)
        sign_in(page, who, address)
        settled(page, name)
    the_diary(open_page("phone"), settled)
    the_residents_pages(open_page("phone"), settled)


def the_diary(page: Any, settled: Callable[..., None]) -> None:
    sign_in(page, "cadre")
    page.locator("a[href^='/households/0']").first.click()
    page.wait_for_load_state()
    settled(page, "household-phone")
    page.get_by_role("link", name="写日记").first.click()
    page.wait_for_load_state()
    settled(page, "diary-phone")


def the_residents_pages(page: Any, settled: Callable[..., None]) -> None:
    with transaction.atomic(), acting_as(system_actor("test")):
        token = HouseholdCode.objects.filter(revoked_at=None).first().token
        judged = Confirmation.objects.values("matter")
        answered = Matter.objects.filter(state=State.FINISHED, ticket__isnull=False).exclude(id__in=judged).first()
    page.goto(f"/h/{token}")
    settled(page, "door-phone")
    page.goto(f"/h/{token}/report")
    settled(page, "report-phone")
    page.goto(f"/m/{ticket_of(answered.id)}")
    settled(page, "follow-phone")
