"""The guided tour as a visitor walks it: from the page for signing in, as four people, each thing as it is said."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from rich.console import Console

from minqing.demo.scales import Scale
from minqing.demo.services import load_demo
from minqing.matters.enums import State
from minqing.matters.models import Confirmation, Matter, Step
from minqing.org.queries import system_actor
from minqing.privacy.access import transaction_as

pytestmark = pytest.mark.browser


def step(page: Any, number: int, title: str) -> None:
    page.locator(".tour-bar", has_text=f"试一试 {number}/3 · {title}").wait_for()


def begin(page: Any, who: str) -> None:
    page.get_by_role("button", name=f"我来当{who}").click()


def onward(page: Any, name: str = "好了，下一件") -> None:
    page.locator(".tour-bar").get_by_role("button", name=name).click()


def test_a_visitor_is_four_people_and_does_what_the_bar_says(committed: None, open_demo: Callable[..., Any]) -> None:
    load_demo(scale=Scale.VILLAGE, seed=1, console=Console(file=io.StringIO()))
    page = open_demo("desktop")
    page.goto("/accounts/login/")
    page.get_by_role("link", name="十分钟试一试，不用密码").click()
    the_resident(page)
    the_cadre(page)
    the_clerk(page)
    the_handler(page)


def the_resident(page: Any) -> None:
    begin(page, "居民")
    step(page, 1, "我要反映")
    page.locator("main").get_by_role("link", name="我要反映").first.click()
    page.locator("[name=text]").fill("屋后水沟堵了，一下雨就漫到路上。")
    page.locator("main form button[type=submit]").last.click()
    page.get_by_text("MQ-").first.wait_for()
    with transaction_as(system_actor("test")):
        assert Matter.objects.filter(text__contains="屋后水沟堵了", channel="code").count() == 1
        before = Confirmation.objects.count()
    onward(page)
    step(page, 2, "说说办得怎么样")
    page.get_by_role("button", name="解决了").or_(page.get_by_label("解决了", exact=True)).first.wait_for()
    onward(page)
    step(page, 3, "看看公开的内容")
    page.locator("main").get_by_text("办").first.wait_for()
    assert page.locator("main a[href*='/open/matters/']").count() >= 3
    with transaction_as(system_actor("test")):
        assert Confirmation.objects.count() == before
    onward(page, "试完了，换个人当")


def the_cadre(page: Any) -> None:
    begin(page, "网格员（联户干部）")
    step(page, 1, "看今天要走哪几户")
    page.locator("main a[href^='/households/']").first.click()
    page.get_by_role("link", name="写日记").first.wait_for()
    onward(page)
    step(page, 2, "写一篇日记，变成一件事项")
    page.locator("main a[href^='/households/0']").first.click()
    page.get_by_role("link", name="写日记").first.click()
    page.locator("form textarea").first.wait_for()
    onward(page)
    step(page, 3, "看办到哪一步了")
    page.locator("main a[href^='/matters/0']").first.click()
    page.locator("h1").first.wait_for()
    onward(page, "试完了，换个人当")


def the_clerk(page: Any) -> None:
    begin(page, "镇街专职人员")
    step(page, 1, "按建议交办一件，再撤回来")
    page.locator("#view .btn-primary").wait_for()
    with transaction_as(system_actor("test")):
        given = Step.objects.filter(move="assign").count()
    page.locator("#view .btn-primary").click()
    page.locator(".toast-line, .alert").get_by_role("button", name="撤销").click()
    page.get_by_text("已撤销").or_(page.get_by_text("撤回")).first.wait_for()
    with transaction_as(system_actor("test")):
        assert Step.objects.filter(move="assign").count() == given + 1
    onward(page)
    step(page, 2, "决定等您定的事")
    onward(page)
    step(page, 3, "登记一个电话")
    page.locator("[name=text]").wait_for()
    onward(page, "试完了，换个人当")


def the_handler(page: Any) -> None:
    begin(page, "单位经办人")
    step(page, 1, "受理一件")
    with transaction_as(system_actor("test")):
        waiting = Matter.objects.filter(state=State.ASSIGNED).count()
    page.locator("main a[href^='/matters/0']").first.click()
    page.get_by_role("button", name="受理").first.click()
    page.wait_for_load_state()
    with transaction_as(system_actor("test")):
        assert Matter.objects.filter(state=State.ASSIGNED).count() == waiting - 1
    onward(page)
    step(page, 2, "告诉群众进展")
    onward(page)
    step(page, 3, "答复办结")
    onward(page, "试完了，换个人当")
    page.get_by_role("heading", name="您想当谁？").wait_for()
