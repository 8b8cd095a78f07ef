"""The parts in a browser, at every width, in light, dark and large print; and how they behave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders

from minqing.web.gallery import COMPONENTS

WIDTHS = (320, 390, 1024, 1440, 1920)
# each look with the width at which axe reads it: what it finds hangs on colours and on what is there at that width
LOOKS = {"": 1440, "theme=dark": 390, "text=large": None}
NAMES = [one.name for one in COMPONENTS]


@pytest.fixture
def shown(browser: Any, gallery: None, settings: Any, site: str) -> Iterator[Callable[..., Any]]:
    """``shown("choose", width=390)`` opens the part; an error in the console fails the test."""
    settings.DEMO = True
    # the gallery has no database
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
    troubles: list[str] = []
    contexts: list[Any] = []

    def go(name: str, query: str = "", width: int = 1440, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        assert page.goto(f"{site}/design/{name}/bare?{query}").status == 200
        page.wait_for_load_state("networkidle")
        return page

    yield go
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_a_part_fits_every_screen_and_is_accessible(shown: Callable[..., Any], name: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = shown(name, reduced_motion="reduce")
    for look, read_at in LOOKS.items():
        if look:
            page.goto(f"{page.url.partition('?')[0]}?{look}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (look, width)
            if width == read_at:
                found = axe.run(page)
                assert found.violations_count == 0, f"{look} {width} {found.generate_report()}"
        moving = "[...document.getAnimations()].filter((one) => one.playState === 'running').length"
        assert page.evaluate(moving) == 0


@pytest.mark.browser
def test_ticking_counts_takes_all_of_the_filter_and_is_undone(shown: Callable[..., Any]) -> None:
    page = shown("bulk")
    bar, said = page.locator(".bulk-bar"), page.locator("[data-said]")
    assert not bar.is_visible()
    page.locator("[name=pick]").nth(1).check()
    assert said.inner_text() == "已选 1 件"
    page.locator("[data-pick-page]").check()
    page.get_by_role("link", name="全选 46 件").click()
    page.locator("[data-said]", has_text="已选 46 件").wait_for()
    assert page.locator("[name=pick]:checked").count() == 4
    page.locator("[name=pick]").first.uncheck()
    assert said.inner_text() == "已选 3 件"
    page.get_by_role("button", name="都按建议交办").click()
    toast = page.locator(".toasts .toast-line")
    toast.get_by_text("已交办 3 件").wait_for()
    toast.get_by_role("button", name="撤销").click()
    page.locator(".alert", has_text="已撤销").wait_for()


@pytest.mark.browser
def test_a_row_beyond_those_that_are_taken_at_once_is_not_ticked_with_them(shown: Callable[..., Any]) -> None:
    page = shown("bulk")
    boxes = page.locator("[name=pick]")
    boxes.nth(2).evaluate("(box) => { box.value = '1000.again'; }")
    boxes.nth(1).evaluate("(box) => { box.value += '.again'; }")
    boxes.nth(2).check()
    page.get_by_role("link", name="全选 46 件").click()
    page.locator("[data-said]", has_text="已选 46 件").wait_for()
    assert [boxes.nth(at).is_checked() for at in range(4)] == [True, True, False, True]


@pytest.mark.browser
def test_a_toast_goes_after_ten_seconds_but_not_under_the_pointer(shown: Callable[..., Any]) -> None:
    page = shown("bulk")
    page.clock.install()
    page.locator("[name=pick]").first.check()
    page.get_by_role("button", name="都按建议交办").click()
    toast = page.locator(".toast-line")
    toast.hover()
    page.clock.run_for(15_000)
    assert toast.is_visible()
    page.mouse.move(5, 5)
    page.clock.run_for(11_000)
    assert toast.count() == 0


@pytest.mark.browser
def test_a_row_opens_beside_the_list_and_the_way_back_is_the_browser_s(shown: Callable[..., Any]) -> None:
    page = shown("split")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.locator("#view", has_text="二楼放不出水").wait_for()
    assert page.locator("[aria-current=true]").locator(".title").inner_text() == "西水碓村自来水水压低"
    page.get_by_role("link", name="桥头路灯不亮").click()
    page.locator("#view", has_text="走路看不见").wait_for()
    assert "row=3" in page.url
    page.go_back()
    page.locator("#view", has_text="二楼放不出水").wait_for()
    page.keyboard.press("x")
    assert page.locator("[name=pick]:checked").count() == 1
    # where there is no room for both, the link leads on as ever
    page = shown("split", width=1024)
    page.get_by_role("link", name="桥头路灯不亮").click()
    page.wait_for_url("**row=3")
    assert not page.locator("[data-rows]").is_visible()


@pytest.mark.browser
def test_menus_tabs_and_sheets_know_their_keys(shown: Callable[..., Any]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    focused = "document.activeElement.textContent.trim()"
    page = shown("layers", width=390)
    page.locator("summary", has_text="更多").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == "转给别的单位…"
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused) == "退回分办…"
    page.keyboard.press("Escape")
    assert page.evaluate(focused) == "更多"
    assert page.locator("details[open]").count() == 0
    page.locator("summary", has_text="打印").click()
    page.locator("h1").click()
    assert page.locator("details[open]").count() == 0
    page.get_by_role("link", name="底板").click()
    assert page.get_by_role("dialog", name="更多").is_visible()
    assert axe.run(page).violations_count == 0, axe.run(page).generate_report()
    page.get_by_role("link", name="关上").click()
    assert page.locator("dialog[open]").count() == 0

    page = shown("tabs")
    page.get_by_role("tab", name="全部").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("tabpanel").inner_text().startswith("今天要交")
    page.get_by_role("tab", name="被退回").click()
    assert page.get_by_role("tabpanel").inner_text().startswith("被退回")


@pytest.mark.browser
def test_a_span_of_days_is_one_press_and_never_runs_backwards(shown: Callable[..., Any]) -> None:
    page = shown("days")
    page.get_by_role("button", name="近 30 天").or_(page.get_by_role("button", name="30天")).click()
    since, until = page.locator("[name=since]").input_value(), page.locator("[name=until]").input_value()
    assert since < until
    assert page.locator("[name=until]").get_attribute("min") == since


@pytest.mark.browser
def test_all_of_it_can_be_read_and_sent_without_script(shown: Callable[..., Any]) -> None:
    page = shown("choose", java_script_enabled=False)
    page.locator("[name=unit]").select_option(label="单家村")
    page = shown("tabs", java_script_enabled=False)
    assert page.locator("section:visible").count() == 3
    page = shown("layers", width=390, java_script_enabled=False)
    page.get_by_role("link", name="底板").click()
    page.locator("#more").wait_for()
    page = shown("bulk", java_script_enabled=False)
    page.locator("[name=pick]").first.check()
    page.get_by_role("button", name="都按建议交办").click()
    page.get_by_role("button", name="撤销").click()
    page.get_by_text("已撤销").wait_for()


def test_the_gallery_is_there_in_a_demonstration_alone(gallery: None, settings: Any, client: Any) -> None:
    for demo, status in ((True, 200), (False, 404)):
        settings.DEMO = demo
        for path in ("", "choose/", "choose/bare?errors=1"):
            assert client.get(f"/design/{path}").status_code == status
    settings.DEMO = True
    assert client.get("/design/nothing/").status_code == 404


def weight(*names: str) -> float:
    """Kilobytes of files as they are sent."""
    return sum(len(brotli.compress(Path(str(finders.find(name))).read_bytes())) for name in names) / 1024


def test_a_resident_s_page_stays_light() -> None:
    assert weight("dist/app.js", "django_htmx/htmx-2.min.js") <= 35
    assert weight("dist/app.css") <= 29
