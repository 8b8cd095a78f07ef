"""The clerk's morning at the queue by hand: keys, one press for many, a way back, few taps for a joint one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.db import transaction

from minqing.matters.models import Matter
from tests.browser.server import sign_in
from tests.cast import Cast, category

pytestmark = pytest.mark.browser
TITLES = ("路灯不亮", "公交站牌倒了", "村口公交站积水", "候车亭漏雨", "班车停开")


@pytest.fixture
def queue(committed_cast: Cast) -> list[Matter]:
    """Five that wait, all of a kind that has its usual unit."""
    with transaction.atomic():
        transport = category("transport")
        return [committed_cast.matter(title=title, category=transport) for title in TITLES]


def states(cast: Cast) -> Counter[str]:
    with transaction.atomic(), cast.everything():
        return Counter(Matter.objects.values_list("state", flat=True))


def rows(page: Any) -> Any:
    return page.locator("[data-split] [data-row]")


def opened(page: Any, *, other_than: str = "") -> str:
    """The title of what is opened, once it is another one."""
    page.wait_for_function(
        "other => { const now = document.querySelector('#view h2'); return now && now.innerText !== other }",
        arg=other_than,
    )
    return str(page.locator("#view h2").first.inner_text())


def test_five_matters_go_by_keys_and_in_one_press_and_come_back(
    committed_cast: Cast, queue: list[Matter], open_page: Any
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page("desktop")
    sign_in(page, "clerk", "/matters/triage/")
    first = opened(page)
    page.wait_for_load_state("networkidle")
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()

    # J shows the next, E gives it to whom it is suggested, and the one after it opens
    page.keyboard.press("j")
    second = opened(page, other_than=first)
    page.keyboard.press("e")
    third = opened(page, other_than=second)
    assert rows(page).count() == 4
    assert page.locator("#tab-all").inner_text() == "4"
    page.keyboard.press("e")
    opened(page, other_than=third)
    assert rows(page).count() == 3
    assert states(committed_cast) == {"assigned": 2, "received": 3}

    # the last of them was a slip
    page.locator("#toasts").get_by_text("已交给").wait_for()
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()
    page.locator("#toasts").get_by_role("button", name="撤销").click()
    page.get_by_text("又在待交办").first.wait_for()
    assert opened(page) == third
    assert states(committed_cast) == {"assigned": 1, "received": 4}

    # the rest in one press
    for box in page.locator("[data-split] [name=pick]").all():
        box.check()
    page.get_by_role("button", name="都按建议交办").click()
    page.get_by_text("已交办4件", exact=False).wait_for()
    assert states(committed_cast) == {"assigned": 5}
    page.get_by_role("button", name="全部撤销").click()
    page.get_by_text("4 件又在待交办").first.wait_for()
    assert rows(page).count() == 4
    assert states(committed_cast) == {"assigned": 1, "received": 4}


def test_a_joint_matter_with_two_units_takes_six_taps_on_the_phone(
    committed_cast: Cast, queue: list[Matter], open_page: Any
) -> None:
    page = open_page("phone")
    sign_in(page, "clerk", "/matters/triage/")
    taps = 0

    def tap(place: Any) -> None:
        nonlocal taps
        place.click()
        taps += 1

    tap(page.get_by_text(TITLES[0]).first)
    page.locator("#sort").wait_for()
    joins = page.get_by_label("协办单位", exact=False).locator("visible=true").first
    tap(joins)
    for unit in (committed_cast.office, committed_cast.committee):
        tap(page.get_by_role("option", name=unit.name).locator("visible=true").first)
    tap(page.locator("[data-main]"))
    page.locator("#toasts").get_by_text("已交给").wait_for()
    assert taps <= 6
    with transaction.atomic(), committed_cast.everything():
        now = Matter.objects.get(pk=queue[0].pk)
        assert (now.lead_unit_id, now.mechanism) == (committed_cast.bureau.pk, "joint")
        assert now.supporting == sorted([committed_cast.office.pk, committed_cast.committee.pk])
