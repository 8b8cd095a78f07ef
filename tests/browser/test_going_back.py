"""Back to a form that was sent: it is the same form, and a second send with other words is no second thing unasked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from minqing.matters.models import Matter
from minqing.visits.models import DiaryEntry
from tests.browser.server import sign_in
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.fault(67)]


def count(cast: Cast, model: Any) -> int:
    with transaction.atomic(), cast.everything():
        return int(model.objects.count())


def test_back_edit_and_save_in_the_diary_shows_both(committed_cast: Cast, open_page: Any) -> None:
    with transaction.atomic():
        home = committed_cast.household()
    page = open_page("phone")
    sign_in(page, "cadre")
    address = f"/visits/new/{home.pk}/"

    def write(text: str) -> None:
        page.locator("[name=met_people]").fill("张奶奶")
        page.locator("main [name=text]").fill(text)
        # the browser may have put back what was typed
        page.locator("#id_needs_doing").set_checked(True, force=True)
        page.locator("[name=matter_title]").fill("修屋顶")
        page.locator(".form-actions button").click()

    page.goto(address)
    write("屋顶漏雨。")
    page.get_by_text("日记已保存").wait_for()
    page.go_back()
    page.get_by_text("您今天已经为这户记了一篇").wait_for()
    write("屋顶漏雨，墙也裂了。")
    page.get_by_role("heading", name="刚才已经交过一次，内容不同").wait_for()
    assert (count(committed_cast, DiaryEntry), count(committed_cast, Matter)) == (1, 1)
    # said on purpose it is another one
    page.get_by_role("button", name="作为新的一份提交").click()
    page.get_by_text("日记已保存").wait_for()
    assert (count(committed_cast, DiaryEntry), count(committed_cast, Matter)) == (2, 2)
    # opened anew it is a form of its own
    page.goto(address)
    write("第三次。")
    page.get_by_text("日记已保存").wait_for()
    assert count(committed_cast, DiaryEntry) == 3


def test_back_after_taking_in_a_matter_or_a_household(committed_cast: Cast, open_page: Any) -> None:
    page = open_page("desktop")
    sign_in(page, "clerk", "/matters/new/")
    page.locator("main [name=text]").fill("路灯不亮。")
    page.locator("[name=area]").select_option(str(committed_cast.own.pk))
    page.get_by_role("button", name="登记").click()
    page.wait_for_url("**/taken/")
    page.go_back()
    page.locator("main [name=text]").fill("路灯不亮，井盖也丢了。")
    page.locator("[name=area]").select_option(str(committed_cast.own.pk))
    page.get_by_role("button", name="登记").click()
    page.get_by_role("heading", name="刚才已经交过一次，内容不同").wait_for()
    assert count(committed_cast, Matter) == 1
    page.get_by_text("路灯不亮，井盖也丢了。").first.wait_for()
    # the way of a choice without the picture beside its word
    assert "<svg" not in page.locator("main").inner_text()


def test_back_and_reload_after_a_refused_form_ask_for_the_page_of_the_form(
    committed_cast: Cast, open_page: Any
) -> None:
    with transaction.atomic():
        matter = committed_cast.matter(state="accepted", lead_unit=committed_cast.bureau)
    page = open_page("desktop")
    sign_in(page, "handler")
    address = f"/matters/{matter.pk}/"
    page.goto(address)

    def note(text: str) -> None:
        if page.locator("#tab-act").count():
            page.locator("#tab-act").click()
        move = page.locator("#move-act")
        move.locator("[name=text]").fill(text)
        move.locator("form button").last.click()

    note("")
    page.locator("#move-act .form-errors").wait_for()
    assert page.evaluate("location.pathname") == address
    note("灯已换好。")
    page.get_by_text("灯已换好。").first.wait_for()
    page.go_back()
    page.locator("#acts").wait_for()
    assert page.reload().status == 200
    assert page.locator("#acts").is_visible()
