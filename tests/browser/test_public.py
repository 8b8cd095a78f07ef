"""The wall, the review and the public pages in a real browser, on a phone and on a desk."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.org.enums import Role
from minqing.privacy.periods import Quarter
from tests.browser.server import sign_in
from tests.cast import Cast, category, person
from tests.matters.test_wall import lay_out
from tests.publications.test_publication import act, prepare, solved

pytestmark = pytest.mark.browser
TOLD = [
    ("村口路灯三天修好", "村口一处路灯夜里不亮，老人走路不便。", "服务办当天到现场，换了灯头，并把全村路灯查了一遍。"),
    ("水渠清淤后通水", "灌溉水渠淤塞，下游田里进不了水。", "村里组织清淤，镇里补了一段渠壁，现在通水正常。"),
]


@pytest.fixture
def fits(browser: Any) -> Callable[[Any, str], None]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def check(page: Any, name: str) -> None:
        page.wait_for_load_state("networkidle")
        if folder := os.environ.get("MINQING_SHOTS"):
            page.screenshot(path=f"{folder}/{name}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()

    return check


@pytest.fixture
def told(committed_cast: Cast) -> Quarter:
    """Work of three units, two matters on the public page, one waiting, and the last quarter's figures."""
    cast, quarter = committed_cast, Quarter.of(clock.today()).former
    spread = [
        (cast.own, 31, "road"),
        (cast.other, 24, "building.municipal"),
        (cast.far, 40, "road"),
        (cast.far, 4, "environment.noise"),
        (cast.own, 18, "environment.noise"),
    ]
    with transaction.atomic():
        person(cast, "second_clerk", Role.CLERK, cast.office, cast.town, "何敏")
        for unit in (cast.bureau, cast.office, cast.committee):
            lay_out(cast, unit)
        received = clock.now() - timedelta(days=(clock.today() - quarter.last).days + 20)
        for area, number, kind in spread:
            for _n in range(number):
                cast.matter(area, category=category(kind), received_at=received)
        for title, question, answer in [*TOLD, ("等待审核的稿件", "一处路面有坑。", "补平了。")]:
            one = prepare(cast, solved(cast, title=title), title=title, question=question, answer=answer)
            if (title, question, answer) in TOLD:
                act(cast, "second_clerk", "review_publication", publication=one, version=1)
                act(cast, "clerk", "publish", publication=one, version=1)
        solved(cast, title="还没有写的事项")
        act(cast, "leader", "publish_figures", quarter=quarter)
    return quarter


def test_the_wall_the_review_and_the_public_pages_fit_and_can_be_read(
    told: Quarter, fits: Callable[..., None], open_page: Any
) -> None:
    for size in ("phone", "desktop"):
        page = open_page(size)
        page.goto("/open/")
        fits(page, f"open-{size}")
        page.click(f"text={TOLD[0][0]}")
        fits(page, f"open-matter-{size}")
        page.goto(f"/open/figures/{told.code}")
        fits(page, f"open-figures-{size}")
        page = open_page(size)
        sign_in(page, "leader", "/matters/wall/")
        fits(page, f"wall-{size}")
        page.goto("/matters/publications/")
        fits(page, f"publications-{size}")
        page.click("text=等待审核的稿件")
        fits(page, f"publication-{size}")


def test_the_public_pages_work_without_javascript(told: Quarter, open_page: Any) -> None:
    page = open_page("phone", java_script_enabled=False)
    page.goto("/open/")
    page.fill("input[name=text]", "水渠")
    page.click("main form button")
    assert page.locator("text=水渠清淤后通水").count() == 1
    assert page.locator(f"text={TOLD[0][0]}").count() == 0
