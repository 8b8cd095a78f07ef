"""A resident's way on a phone of 390 px, in a real browser, against the real server."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from minqing.core.ids import digest, new_id
from minqing.matters import services
from minqing.matters.models import Matter
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.doorstep.conftest import Door, make_door
from tests.files.pictures import jpeg

pytestmark = pytest.mark.browser
SMALL = """
[...document.querySelectorAll('main button, main a, main summary, main input:not([type=hidden])')]
    .filter((e) => e.offsetParent && !e.closest('.guard, .form-errors'))
    .filter((e) => !e.matches('.form-check-input, .visually-hidden'))
    .map((e) => [e.textContent.trim() || e.name, e.getBoundingClientRect().height]).filter(([, h]) => h < 44)"""


@pytest.fixture
def home(committed_cast: Cast) -> Door:
    with transaction.atomic():
        return make_door(committed_cast)


@pytest.fixture
def fits(browser: Any) -> Callable[[Any, str], None]:
    """Checks a page for people of 70: nothing cut off, nothing too small to tap, no accessibility violation."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def check(page: Any, name: str) -> None:
        page.wait_for_load_state("networkidle")
        if folder := os.environ.get("MINQING_SHOTS"):
            page.screenshot(path=f"{folder}/reporting-{name}.png", full_page=True)
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        assert page.evaluate(SMALL) == [], name

    return check


def handled(door: Door, ticket: str) -> None:
    """The office's part, up to the reply."""
    cast = door.cast
    with transaction.atomic():
        with cast.everything():
            matter = Matter.objects.get(ticket=digest(ticket))
        for who, verb, more in [
            ("clerk", "assign_matter", {"unit": cast.bureau.id}),
            ("handler", "accept_matter", {}),
            ("handler", "finish_matter", {"reply": "路灯已换新，晚上请您看一看。"}),
        ]:
            actor = cast.actor(who)
            with acting_as(actor):
                getattr(services, verb)(**{"id": new_id(), "matter": matter, "by": actor} | more)


def choose(page: Any, label: str) -> None:
    """Tap the whole card of a choice, as a finger does."""
    page.get_by_text(label, exact=True).click()


def ticket_in(url: str) -> str:
    return url.split("/m/")[1].split("/")[0]


def test_a_resident_scans_reports_follows_and_answers(home: Door, open_page: Any, fits: Any, tmp_path: Path) -> None:
    (tmp_path / "lamp.jpg").write_bytes(jpeg((1200, 900)))
    page = open_page("phone", geolocation={"latitude": 29.75, "longitude": 120.8}, permissions=["geolocation"])
    page.goto(home.url)
    fits(page, "1-door")
    page.get_by_role("link", name="联系干部是谁").click()
    page.wait_for_url("**/cadre")
    fits(page, "2-cadre")
    page.go_back()

    page.get_by_role("link", name="我要反映").click()
    page.get_by_label("什么事").fill("村口的路灯坏了三天，晚上看不见路。")
    page.set_input_files("#id_photos", tmp_path / "lamp.jpg")
    page.locator(".photo-list img").wait_for()
    page.get_by_role("button", name="用我现在的位置").click()
    page.wait_for_function("() => document.querySelector('[name=latitude]').value")
    page.get_by_label("您的电话").fill("12345")
    page.get_by_text("更多（可不填）").click()
    choose(page, "交通运输")
    fits(page, "3-report")
    page.wait_for_timeout(3000)
    page.get_by_role("button", name="提交").click()
    page.locator(".form-errors").wait_for()
    fits(page, "4-mistake")
    assert page.get_by_label("什么事").input_value().startswith("村口的路灯")
    page.get_by_label("您的电话").fill("13800138000")
    # the photo that was sent already is kept
    page.locator(".photo-list img").wait_for()
    page.get_by_role("button", name="提交").click()

    page.wait_for_url("**/thanks")
    fits(page, "5-thanks")
    number = page.locator(".fs-3").inner_text()
    code = page.locator(".font-monospace").inner_text()
    ticket = ticket_in(page.url)
    page.get_by_role("link", name="看办理进度").click()
    page.get_by_text("收到了，正在安排人办").wait_for()
    assert page.locator(".promise .day").inner_text().endswith("前交给单位去办")
    fits(page, "6-received")
    page.get_by_text("补充几句，或者加张照片").click()
    page.get_by_label("想补充什么").fill("又灭了一盏。")
    page.set_input_files("#id_photos", tmp_path / "lamp.jpg")
    page.locator("#add .photo-list img").wait_for()
    fits(page, "6-adding")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("您补充的").wait_for()
    fits(page, "6-added")
    page.locator(".photo-list a").last.click()
    page.wait_for_url("**/photos/*")
    assert page.locator("main img").evaluate("image => image.naturalWidth") == 1200
    fits(page, "7-photo")

    handled(home, ticket)
    page.goto("/follow")
    page.get_by_label("编号").fill(number.lower().replace("-", " "))
    page.get_by_label("查询码").fill(code.lower())
    fits(page, "8-find")
    page.get_by_role("button", name="查看").click()
    page.wait_for_url(f"**/m/{ticket}")
    fits(page, "9-reply")
    choose(page, "没解决")
    choose(page, "不满意")
    page.get_by_label("还想说几句").fill("只亮了一盏。")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("已经退回重新办").wait_for()
    fits(page, "10-again")

    with transaction.atomic(), home.cast.everything():
        assert Matter.objects.get(number=number).reopened == 1


def test_it_works_without_javascript(home: Door, open_page: Any) -> None:
    page = open_page("phone", java_script_enabled=False)
    page.goto(home.url)
    page.get_by_role("link", name="我要反映").click()
    page.get_by_label("什么事").fill("水管漏水")
    page.wait_for_timeout(3000)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/thanks")
    ticket = ticket_in(page.url)
    handled(home, ticket)
    page.goto(f"/m/{ticket}")
    choose(page, "解决了")
    choose(page, "很满意")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("这件事办好了").wait_for()
    page.get_by_text("事情其实没办好").click()
    page.get_by_label("还有什么没办好").fill("又漏了")
    page.get_by_role("button", name="重新办理").click()
    page.get_by_text("已经退回重新办").wait_for()


def test_what_was_reported_is_kept_on_this_phone_once_asked_and_taken_away_by_a_tap(
    home: Door, open_page: Any, fits: Any
) -> None:
    page = open_page("phone")
    page.goto(home.url)
    # nothing of anybody else's, and three taps beside typing
    assert not page.locator("[data-mine]").is_visible()
    reported(page, "村口的路灯坏了三天")
    page.get_by_role("button", name="记在这部手机上").click()
    page.get_by_text("记下了").wait_for()
    page.goto(home.url)
    fits(page, "11-mine")
    page.get_by_role("link", name="村口的路灯坏了三天").click()
    page.get_by_text("收到了，正在安排人办").wait_for()
    # asked once: the next is kept without a question, what is told in confidence never
    page.goto(home.url)
    reported(page, "水管漏水")
    assert not page.get_by_role("button", name="记在这部手机上").is_visible()
    page.goto(home.url)
    reported(page, "家里的事", confidential=True)
    page.goto(home.url)
    assert page.locator("[data-mine] li").all_inner_texts()[0].startswith("水管漏水")
    assert page.locator("[data-mine] li").count() == 2
    page.get_by_role("button", name="别再显示").click()
    page.reload()
    assert not page.locator("[data-mine]").is_visible()


def reported(page: Any, text: str, *, confidential: bool = False) -> None:
    page.get_by_role("link", name="我要反映").click()
    page.get_by_label("什么事").fill(text)
    if confidential:
        page.get_by_text("不想让家里人知道").click()
        page.get_by_label("不要让家里其他人知道这件事").check()
    page.wait_for_timeout(3000)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/thanks")


def test_the_private_link_leaves_the_phone_in_no_referer(home: Door, open_page: Any) -> None:
    page = open_page("phone")
    referers: list[str] = []
    page.on("request", lambda request: referers.append(request.headers.get("referer", "")))
    page.goto(home.url)
    page.get_by_role("link", name="我要反映").click()
    page.get_by_label("什么事").fill("水管漏水")
    page.wait_for_timeout(3000)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/thanks")
    ticket = ticket_in(page.url)
    page.get_by_role("link", name="看办理进度").click()
    page.get_by_text("收到了，正在安排人办").wait_for()
    page.get_by_role("button", name="English").click()
    page.get_by_text("We have it. Somebody is being found").wait_for()
    assert page.url.endswith(f"/m/{ticket}")
    assert not [referer for referer in referers if ticket in referer or home.token in referer]


@pytest.mark.parametrize("path", ["/h/nothing-here", "/m/nothing-here", "/h/check", "/follow"])
def test_the_pages_for_those_who_lost_their_way_fit_a_phone(home: Door, open_page: Any, fits: Any, path: str) -> None:
    page = open_page("phone")
    page.goto(path)
    fits(page, path.strip("/").replace("/", "-"))
