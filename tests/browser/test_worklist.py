"""Working with matters in a browser: keys, ticks, canned replies, what is alike."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.exports import services as exports
from minqing.exports.enums import Purpose
from minqing.matters import services
from minqing.matters.models import Matter
from minqing.matters.words import vector
from minqing.privacy.access import acting_as
from tests.browser.server import sign_in
from tests.cast import Cast

pytestmark = pytest.mark.browser


@pytest.fixture
def looked() -> Callable[[Any, str], None]:
    """The page fits its screen and breaks no rule of accessibility; ``MINQING_LOOK`` keeps a picture in a folder."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def check(page: Any, name: str) -> None:
        page.wait_for_load_state("networkidle")
        if folder := os.environ.get("MINQING_LOOK"):
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()

    return check


@pytest.fixture
def village(committed_cast: Cast) -> dict[str, Matter]:
    cast, made = committed_cast, {}
    text = "村口老樟树下的路灯坏了三天，晚上走路很危险，希望尽快维修。"
    with transaction.atomic():
        for title in ("路灯不亮", "路灯坏了没人修", "村口路灯不亮"):
            made[title] = cast.matter(title=title, text=text, search=vector(title, text))
        now = clock.now()
        made["主办"] = cast.matter(title="道路塌陷", lead_unit=cast.bureau, state="accepted", assigned_at=now)
        handler, clerk = cast.actor("handler"), cast.actor("clerk")
        with acting_as(handler):
            services.save_phrase(id=new_id(), title="已安排", text="{number} 已安排{unit}处理。", unit=cast.bureau.pk,
                                 by=handler)  # fmt: skip
        with acting_as(clerk):
            exports.ask_export(id=new_id(), kind="matters", query="state=open", purpose=Purpose.MEETING, rows=2300,
                                area=cast.town.pk, by=clerk)  # fmt: skip
    return made


def test_the_keyboard_walks_ticks_and_keeps_out_of_typing(
    village: dict[str, Matter], open_page: Any, looked: Callable[..., None]
) -> None:
    page = open_page("desktop")
    sign_in(page, "clerk", "/matters/triage/")
    looked(page, "triage-desktop")
    # the first is opened already: the next key goes on from it
    page.locator("#view [data-opened]").wait_for()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[name=pick]:checked").count() == 2
    page.keyboard.press("?")
    assert page.locator("dialog[open]").is_visible()
    looked(page, "keys-desktop")
    page.keyboard.press("Escape")
    page.goto("/matters/")
    page.keyboard.press("/")
    page.keyboard.type("j?x")
    assert page.input_value("input[name=text]") == "j?x"
    assert page.locator("dialog[open]").count() == 0
    page.goto("/matters/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/matters/0" in url)


def test_what_is_ticked_on_the_phone_goes_in_one_press(
    village: dict[str, Matter], open_page: Any, looked: Callable[..., None]
) -> None:
    page = open_page("phone")
    sign_in(page, "clerk", "/matters/triage/")
    page.locator("[name=pick]").nth(0).check()
    page.locator("[name=pick]").nth(1).check()
    page.locator("#bulk summary").click()
    page.locator("#bulk-unit").select_option(label="市交通运输局", force=True)
    looked(page, "triage-phone")
    page.get_by_role("button", name="批量交办已勾选的").click()
    page.wait_for_url("**/bulk/")
    assert page.locator("ul.rows > li").count() == 2
    looked(page, "bulk-phone")


def test_a_canned_reply_is_put_in_beside_what_was_typed(
    village: dict[str, Matter], open_page: Any, looked: Callable[..., None]
) -> None:
    page = open_page("desktop")
    sign_in(page, "handler", f"/matters/{village['主办'].pk}/")
    page.fill("#finish-reply", "您好。")
    page.locator("#move-finish .phrases-here summary").click()
    page.locator("[data-insert]").click()
    number = village["主办"].number
    assert page.input_value("#finish-reply") == f"您好。\n{number} 已安排市交通运输局处理。"
    looked(page, "phrases-desktop")


def test_what_is_alike_comes_while_typing_and_leads_to_handling_together(
    village: dict[str, Matter], open_page: Any, looked: Callable[..., None]
) -> None:
    page = open_page("phone")
    sign_in(page, "clerk", "/matters/new/")
    page.locator("textarea[name=text]").press_sequentially("老樟树下的路灯坏了三天")
    page.locator("#similar li").first.wait_for()
    looked(page, "similar-phone")
    page.goto(f"/matters/{village['路灯不亮'].pk}/")
    # it comes when it is in sight
    page.locator(".alike").scroll_into_view_if_needed()
    page.locator(".alike summary").click()
    page.locator(".alike li a.btn").first.click()
    page.wait_for_url("**/together/**")
    assert page.input_value("input[name=number]")
    looked(page, "together-phone")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_other_pages_fit_and_can_be_used_by_everyone(
    village: dict[str, Matter], open_page: Any, looked: Callable[..., None], size: str
) -> None:
    page = open_page(size)
    sign_in(page, "clerk")
    for name, address in (("work", "/worklist/"), ("list", "/matters/"), ("export", "/matters/export/"),
                          ("phrases", "/matters/phrases/"), ("today", "/")):  # fmt: skip
        page.goto(address)
        looked(page, f"{name}-{size}")
    page = open_page(size)
    sign_in(page, "leader", "/matters/exports/")
    looked(page, f"exports-{size}")
    page = open_page(size)
    sign_in(page, "operator", "/matters/norms/")
    looked(page, f"norms-{size}")
