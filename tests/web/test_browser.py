"""The gallery in a real browser: nothing against the CSP, no accessibility violation, no sideways scrolling."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.server import SIZES
from tests.web import sample_urls

pytestmark = pytest.mark.browser
PAGES = {
    "/": 200,
    "/?errors=1": 200,
    "/rows/": 200,
    "/resident/": 200,
    "/nowhere/": 404,
    "/refuse/": 409,
}


@pytest.fixture
def open_page(browser: Any, site: str) -> Iterator[Any]:
    """Opens an address of the gallery; fails the test on a console error, which a CSP violation is."""
    troubles: list[str] = []
    contexts: list[Any] = []

    def go(path: str, size: str = "phone", **options: Any) -> Any:
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.set_default_timeout(20_000)
        assert page.goto(site + path).status == PAGES[path]
        page.wait_for_load_state("networkidle")
        return page

    yield go
    for context in contexts:
        context.close()
    expected = ("the server responded with a status of",)
    assert [trouble for trouble in troubles if not any(words in trouble for words in expected)] == []


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_accessible_and_fits_its_screen(open_page: Any, path: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(path)
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.reload(wait_until="networkidle")
        if folder := os.environ.get("MINQING_SHOTS"):
            name = path.strip("/?").replace("=", "") or "gallery"
            page.screenshot(path=f"{folder}/{name}-{size}.png", full_page=True)
        found = axe.run(page)
        assert found.violations_count == 0, f"{size} {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), size


def test_a_double_tap_sends_once(open_page: Any) -> None:
    sample_urls.SENT.clear()
    page = open_page("/")
    page.evaluate("for (let i = 0; i < 3; i++) document.querySelector('.main-action').click()")
    page.get_by_text("sent").wait_for()
    assert len(sample_urls.SENT) == 1


def test_a_question_that_is_declined_stops_the_write(open_page: Any) -> None:
    page = open_page("/")
    page.get_by_role("button", name="办结").click()
    box = page.get_by_role("dialog", name="真的办结吗？")
    # the answer that changes nothing has the focus
    assert box.get_by_role("button", name="先不").evaluate("button => button === document.activeElement")
    box.get_by_role("button", name="先不").click()
    page.locator("dialog.dialog").wait_for(state="detached")
    page.get_by_role("button", name="办结").click()
    page.keyboard.press("Escape")
    page.locator("dialog.dialog").wait_for(state="detached")
    page.wait_for_timeout(200)
    assert page.locator("#alerts .alert, dialog.dialog").count() == 0


def test_a_form_that_is_agreed_to_is_sent_once_with_its_button(open_page: Any) -> None:
    sample_urls.SENT.clear()
    page = open_page("/")
    page.evaluate("document.querySelector('form[action=\"/send/\"]').dataset.confirm = '提交？交了改不回来。'")
    page.locator(".main-action").click()
    box = page.get_by_role("dialog", name="提交？")
    assert "交了改不回来。" in box.inner_text()
    box.get_by_role("button", name="提交").click()
    page.get_by_text("sent").wait_for()
    assert len(sample_urls.SENT) == 1


def test_choosing_by_pinyin_initials_and_characters(open_page: Any) -> None:
    page = open_page("/")
    field = page.get_by_role("combobox", name="主办单位")
    field.fill("jt")
    options = page.locator(".combo-list:visible [role=option]")
    assert options.all_inner_texts() == ["市交通运输局", "市公安局交通警察大队", "溪口镇集体资产办", "市水务集团"]
    assert options.first.locator("mark").inner_text() == "交通"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("[name=unit]").input_value() == "2"
    assert field.input_value() == "市公安局交通警察大队"
    for typed, name in (("shanjia", "单家村"), ("cunzhen", "溪口镇村镇办"), ("供电", "市供电公司")):
        field.fill(typed)
        assert options.all_inner_texts() == [name]
    # left alone, what was chosen stands again; emptied, nothing is chosen
    page.keyboard.press("Escape")
    assert field.input_value() == "市公安局交通警察大队"
    field.fill("")
    page.keyboard.press("Tab")
    assert page.locator("[name=unit]").input_value() == ""


def test_several_are_chosen_as_tokens_and_taken_out_again(open_page: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page("/")
    field = page.get_by_role("combobox", name="协办单位")
    for typed in ("shuiwu", "czb"):
        field.fill(typed)
        page.keyboard.press("Enter")
    chosen = "[...document.querySelector('[name=partners]').selectedOptions].map((one) => one.label)"
    assert page.evaluate(chosen) == ["市水务集团", "溪口镇村镇办"]
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()
    page.keyboard.press("Escape")
    page.keyboard.press("Backspace")
    page.get_by_role("button", name="去掉 市水务集团").click()
    assert page.evaluate(chosen) == []
    # what was typed to find something is not sent
    assert (
        page.evaluate("[...new FormData(document.querySelector('[name=partners]').form).keys()]").count("partners") == 0
    )


def test_after_a_refusal_by_htmx_the_form_can_be_sent_again(open_page: Any) -> None:
    page = open_page("/rows/")
    for number in (1, 2):
        page.get_by_role("button", name="退回").click()
        page.locator("#alerts .alert").nth(number - 1).wait_for()


def test_a_refusal_by_htmx_is_shown_on_top_of_the_page(open_page: Any) -> None:
    page = open_page("/")
    page.get_by_role("button", name="办结").click()
    page.get_by_role("dialog").get_by_role("button", name="办结").click()
    page.locator("#alerts .alert").wait_for()
    assert "这件事已经办结" in page.locator("#alerts").inner_text()


def test_htmx_turns_the_page_of_a_list_and_keeps_the_rest(open_page: Any) -> None:
    page = open_page("/rows/")
    page.get_by_role("link", name="下一页").click()
    page.get_by_text("第 50 件").wait_for()
    assert page.locator("h1").inner_text() == "事项"
    assert page.locator(".rows").count() == 1


def test_photos_are_made_small_and_a_text_file_is_refused(open_page: Any, tmp_path: Path) -> None:
    from PIL import Image

    Image.effect_noise((3000, 2000), 50).save(tmp_path / "large.png")
    (tmp_path / "note.txt").write_text("no photo")
    page = open_page("/")
    page.set_input_files("#id_photos", [tmp_path / "large.png", tmp_path / "note.txt"])
    page.locator(".photo-list img").wait_for()
    files = page.evaluate("[...document.querySelector('#id_photos').files].map((f) => [f.name, f.type])")
    assert files == [["large.jpg", "image/jpeg"]]
    assert page.locator(".photo-list img").evaluate("image => image.naturalWidth") == 1600
    assert "note.txt" in page.locator(".photos [data-error]").inner_text()
    page.get_by_role("button", name="删除照片 large.jpg").click()
    assert page.evaluate("document.querySelector('#id_photos').files.length") == 0


def test_the_place_comes_from_the_phone_and_is_taken_out_again(open_page: Any) -> None:
    place = {"latitude": 29.7512345, "longitude": 120.25, "accuracy": 12}
    page = open_page("/", geolocation=place, permissions=["geolocation"])
    page.get_by_role("button", name="用我现在的位置").click()
    page.wait_for_function("() => document.querySelector('[name=latitude]').value")
    assert page.locator("[name=latitude]").input_value() == "29.751234"
    assert page.locator("[name=datum]").input_value() == "WGS-84"
    page.get_by_role("button", name="清除地点").click()
    assert page.locator("[name=latitude]").input_value() == page.locator("[name=accuracy_m]").input_value() == ""


def test_a_refused_place_says_what_to_do(open_page: Any) -> None:
    page = open_page("/", permissions=[])
    page.get_by_role("button", name="用我现在的位置").click()
    page.get_by_text("用文字写明").wait_for()


def test_the_scanner_reads_a_photo_of_a_code(open_page: Any, tmp_path: Path) -> None:
    import segno

    segno.make("https://minqing.test/c/abcd-EFGH_12/").save(tmp_path / "code.png", scale=8, border=4)
    page = open_page("/resident/")
    page.set_input_files(".scan-photo input", tmp_path / "code.png")
    page.wait_for_url("**/c/abcd-EFGH_12/")


def test_large_print_is_remembered(open_page: Any) -> None:
    page = open_page("/resident/")
    page.get_by_role("button", name="大字版").click()
    page.reload()
    assert page.locator("html").get_attribute("data-text") == "large"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_menus_open_and_stay_accessible(open_page: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page("/")
    page.locator(".user-button").click()
    page.get_by_role("button", name="退出登录").wait_for()
    assert axe.run(page).violations_count == 0, axe.run(page).generate_report()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="退出登录").wait_for(state="hidden")
    page.locator(".tab-bar").get_by_role("link", name="更多").click()
    page.locator("#more-nav[open]").wait_for()
    page.locator("#more-nav").get_by_role("link", name="报表").wait_for()
    assert axe.run(page).violations_count == 0, axe.run(page).generate_report()


def test_touch_targets_are_large_enough(open_page: Any) -> None:
    page = open_page("/resident/")
    small = page.evaluate(
        """[...document.querySelectorAll('main button, main a, main input:not([type=hidden], .visually-hidden)')]
        .filter((e) => e.offsetParent && !e.closest(".guard"))
        .map((e) => [e.outerHTML, e.getBoundingClientRect().height])
        .filter(([, height]) => height < 44)"""
    )
    assert small == []
