"""By hand in a real browser: an old person asks at the door, the township answers, each in their own post."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from minqing.households.services import issue_code
from minqing.privacy.access import acting_as
from minqing.privacy.withholding import is_withheld
from minqing.rights.models import Request
from tests.browser.server import sign_in
from tests.cast import Cast
from tests.rights.cases import Asking

pytestmark = pytest.mark.browser
# where pictures of the pages are put for whoever wants to look at them
LOOK = os.environ.get("MINQING_LOOK", "")


def look(page: Any, name: str) -> None:
    if LOOK:
        page.screenshot(path=str(Path(LOOK) / f"{name}.png"), full_page=True)


def latest(cast: Cast) -> Request:
    with transaction.atomic(), cast.everything():
        found = Request.objects.order_by("-received_at").first()
    assert found is not None
    return found


@pytest.fixture
def asking(committed_cast: Cast) -> Asking:
    with transaction.atomic():
        return Asking(committed_cast)


@pytest.fixture
def door(asking: Asking) -> str:
    with transaction.atomic():
        secretary = asking.cast.actor("village_secretary")
        with acting_as(secretary):
            return "/h/" + issue_code(household_id=asking.home.pk, by=secretary).url.split("/h/")[1]


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=False).first.click()


def sure(page: Any, name: str) -> None:
    """Press, and say yes to what the page asks."""
    press(page, name)
    page.get_by_role("dialog").get_by_role("button", name=name).click()


def choose(page: Any, label: str) -> None:
    """As a finger does: on the word beside the circle."""
    page.locator("label", has_text=re.compile(f"^\\s*{label}")).first.click()


def choose_value(page: Any, name: str, value: str) -> None:
    chosen = page.locator(f"input[name={name}][value={value}]")
    page.locator(f"label[for={chosen.get_attribute('id')}]").click()


def test_from_the_door_to_the_letter(asking: Asking, door: str, open_page: Any) -> None:
    resident = open_page("phone")
    resident.goto(door)
    look(resident, "door")
    resident.get_by_role("link", name="我的个人信息").click()
    look(resident, "ask-1")
    choose(resident, "我想看看你们记了我哪些信息")
    press(resident, "下一步")
    resident.get_by_label("当事人姓名").fill("何桂香")
    resident.get_by_label("电话号码").fill("13857500001")
    look(resident, "ask-2")
    press(resident, "下一步")
    resident.get_by_label("用自己的话说").fill("想知道记了些什么")
    look(resident, "ask-3")
    press(resident, "下一步")
    look(resident, "ask-4")
    press(resident, "下一步")
    resident.get_by_role("heading", name="请再核对一遍").wait_for()
    look(resident, "ask-5")
    press(resident, "提交")
    resident.get_by_role("heading", name="待核验身份").wait_for()
    look(resident, "follow")
    row = latest(asking.cast)
    assert row.number in resident.content()

    clerk = open_page("desktop")
    sign_in(clerk, "clerk", "/")
    look(clerk, "today")
    clerk.goto("/rights/")
    look(clerk, "list")
    clerk.goto(f"/rights/{row.pk}/")
    look(clerk, "check")
    choose(clerk, "身份证")
    choose(clerk, "何桂香")
    press(clerk, "核验身份")
    # who checked does not decide on what is handed out
    leader = open_page("desktop")
    sign_in(leader, "leader", f"/rights/{row.pk}/")
    choose(leader, "同意")
    leader.get_by_label("理由").last.fill("身份属实，依法提供。")
    look(leader, "decide")
    with leader.expect_navigation():
        press(leader, "作出决定")
    clerk.goto(f"/rights/{row.pk}/")
    sure(clerk, "办理")
    clerk.get_by_role("link", name="打印复制件").wait_for()
    look(clerk, "hand-over")
    with clerk.expect_download() as taken:
        clerk.get_by_role("link", name="机读文件").click()
    assert taken.value.suggested_filename.endswith(".json")

    cadre = open_page("phone")
    sign_in(cadre, "cadre", f"/rights/{row.pk}/")
    # it is shown at the office: the village has nothing to do with it
    assert cadre.get_by_text("何桂香").count() == 0
    look(cadre, "not-found")


def test_a_cadre_takes_in_on_paper_and_a_leader_decides_without_the_name(asking: Asking, open_page: Any) -> None:
    cadre = open_page("phone")
    sign_in(cadre, "cadre", f"/households/{asking.home.pk}/")
    look(cadre, "file")
    cadre.goto(f"/rights/new?household={asking.home.pk}")
    look(cadre, "new")
    choose(cadre, "何桂香")
    choose_value(cadre, "kind", "delete")
    cadre.get_by_label("本人的话").fill("搬走了，请删掉")
    choose_value(cadre, "prove_at", "home")
    press(cadre, "受理")
    choose(cadre, "身份证")
    choose(cadre, "何桂香")
    press(cadre, "核验身份")
    cadre.get_by_text("待决定").first.wait_for()
    look(cadre, "detail-phone")
    row = latest(asking.cast)

    leader = open_page("desktop")
    sign_in(leader, "leader", f"/rights/{row.pk}/")
    assert leader.get_by_text("何桂香").count() == 0
    choose(leader, "同意")
    leader.get_by_label("理由").last.fill("本人已迁出，依法删除。")
    look(leader, "leader")
    press(leader, "作出决定")
    leader.get_by_text("待办理").first.wait_for()
    assert latest(asking.cast).granted is True


def asked_at_the_door(page: Any, door: str, kind: str, place: str, right: str = "") -> None:
    """As somebody at the door sends it: five pages, the last one to look it over."""
    page.goto(door)
    page.get_by_role("link", name="我的个人信息").click()
    choose_value(page, "kind", kind)
    press(page, "下一步")
    page.get_by_label("当事人姓名").fill("何桂香")
    page.get_by_label("电话号码").fill("13857500001")
    press(page, "下一步")
    if right:
        page.locator("input[name=right_phone]").fill(right)
    press(page, "下一步")
    choose_value(page, "prove_at", place)
    press(page, "下一步")
    page.get_by_role("heading", name="请再核对一遍").wait_for()
    press(page, "提交")
    page.get_by_role("heading", name="待核验身份").wait_for()


def checked_by(page: Any, row: Request) -> None:
    page.goto(f"/rights/{row.pk}/")
    choose(page, "身份证")
    choose(page, "何桂香")
    # a network that is idle may be one that was not asked yet
    with page.expect_navigation():
        press(page, "核验身份")


def decided_by(page: Any, row: Request) -> None:
    page.goto(f"/rights/{row.pk}/")
    choose(page, "同意")
    page.get_by_label("理由").last.fill("身份属实，依法办理。")
    with page.expect_navigation():
        press(page, "作出决定")


def pressed_by(page: Any, row: Request, name: str) -> None:
    """The page asks first."""
    page.goto(f"/rights/{row.pk}/")
    with page.expect_navigation():
        sure(page, name)


@pytest.mark.parametrize(
    ("kind", "place", "checks", "decides", "hands_over"),
    [
        ("correct", "office", "clerk", "clerk", "clerk"),
        ("object", "home", "cadre", "clerk", "village_secretary"),
        ("withdraw", "office", "clerk", "leader", "clerk"),
    ],
)
def test_each_role_takes_a_request_on_from_the_door_to_the_letter(
    asking: Asking, door: str, open_page: Any, kind: str, place: str, checks: str, decides: str, hands_over: str
) -> None:
    pages = {}
    for who in dict.fromkeys((checks, decides, "clerk", hands_over)):
        pages[who] = open_page("phone" if who in {"cadre", "village_secretary"} else "desktop")
        sign_in(pages[who], who)
    resident, right = open_page("phone"), "13857509999" if kind == "correct" else ""
    asked_at_the_door(resident, door, kind, place, right)
    row = latest(asking.cast)
    checked_by(pages[checks], row)
    decided_by(pages[decides], row)
    pressed_by(pages["clerk"], row, "办理")
    pages["clerk"].goto(f"/rights/{row.pk}/")
    with pages["clerk"].expect_download() as taken:
        pages["clerk"].get_by_role("link", name="打印答复书").click()
    assert taken.value.suggested_filename.startswith("答复书")
    # who hands it over at home takes it along closed
    pages[hands_over].goto(f"/rights/{row.pk}/")
    assert pages[hands_over].get_by_role("link", name="打印答复书").count() == (hands_over == "clerk")
    pressed_by(pages[hands_over], row, "登记答复书送达")
    assert latest(asking.cast).state == "answered"
    resident.reload()
    resident.get_by_role("heading", name="已答复").wait_for()
    with transaction.atomic(), asking.cast.everything():
        asking.one.refresh_from_db()
        assert asking.one.phone == ("13857509999" if kind == "correct" else "13857500001")
        assert is_withheld("13857500001") is (kind != "correct")
