"""The main job by hand: a cadre visits, a resident reports, a clerk assigns, a unit answers, the reporter confirms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from minqing.households.models import Household
from minqing.households.services import issue_code
from minqing.matters.models import Confirmation, Matter
from minqing.privacy.access import acting_as
from minqing.visits.models import Visit
from minqing.visits.services import assign_household
from tests.browser.server import sign_in, sign_in_by_hand
from tests.cast import Cast, category
from tests.files.pictures import jpeg

pytestmark = pytest.mark.browser


@pytest.fixture
def home(committed_cast: Cast) -> Household:
    """A household in the cadre's care, with two people, a phone number and a code at its door."""
    cast = committed_cast
    with transaction.atomic():
        category("transport")
        made = cast.household(number="S-0107", address="溪边路7号")
        cast.resident(made, "单桂芬", relation="head", phone="13812345678")
        cast.resident(made, "张水根", relation="spouse")
        secretary = cast.actor("village_secretary")
        with acting_as(secretary):
            assign_household(household=made, account_id=cast.account("cadre").id, every_days=90, by=secretary)
    return made


@pytest.fixture
def door(committed_cast: Cast, home: Household) -> str:
    """The address printed on the household's plate, without the host."""
    from minqing.households.codes import url_of

    secretary = committed_cast.actor("village_secretary")
    with transaction.atomic(), acting_as(secretary):
        issued = issue_code(household_id=home.id, by=secretary)
    return "/h/" + url_of(issued.token).split("/h/")[1]


def test_a_cadre_finds_a_household_and_writes_what_becomes_a_matter(
    committed_cast: Cast, home: Household, open_page: Any, tmp_path: Path
) -> None:
    (tmp_path / "wires.jpg").write_bytes(jpeg((800, 600)))
    page = open_page("phone")
    sign_in_by_hand(page, "cadre")
    page.get_by_text("溪边路7号").first.wait_for()

    # as it is read, not as the dictionary has it: 单 is Shan as a surname
    for words in ("单桂芬", "sgf", "S-0107", "5678"):
        page.goto("/")
        page.fill("#find", words)
        page.keyboard.press("Enter")
        page.wait_for_url("**/households/search/")
        page.get_by_text("溪边路7号").first.wait_for()
    page.get_by_text("溪边路7号").first.click()
    page.get_by_role("heading", name="溪边路7号").wait_for()
    assert "13812345678" not in page.content()

    page.get_by_role("link", name="写日记").first.click()
    page.get_by_text("单桂芬 · 户主").click()
    page.get_by_label("群众说了什么").fill("老线路发烫，村口路灯坏了三盏。")
    page.set_input_files("input[type=file]", tmp_path / "wires.jpg")
    page.locator(".photo-list img").wait_for()
    page.get_by_text("用火用电", exact=True).click()
    page.get_by_text("插座发烫", exact=False).click()
    page.locator("label.reveal-label").click()
    page.fill("input[name=matter_title]", "村口路灯坏了三盏")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("日记已保存", exact=False).wait_for()
    assert "村口路灯坏了三盏" in page.content()

    with transaction.atomic(), committed_cast.everything():
        visit = Visit.objects.get()
        assert visit.account == committed_cast.account("cadre")
        assert visit.photos.count() == 1
        assert [one.hazard.items for one in visit.hazards.all()] == [["sockets"]]
        matter = Matter.objects.get()
        assert (matter.title, matter.household_id, matter.state) == ("村口路灯坏了三盏", home.id, "received")


def answered(response: Any) -> bool:
    """The answer to a form, which comes when what it says is stored."""
    return bool(response.request.method == "POST")


def test_a_report_is_assigned_answered_refused_by_the_reporter_and_answered_again(
    committed_cast: Cast, home: Household, door: str, open_page: Any
) -> None:
    resident = open_page("phone")
    resident.goto(door)
    resident.get_by_role("link", name="我要反映").click()
    resident.get_by_label("什么事").fill("村口公交站的路灯坏了，道路很黑。")
    resident.wait_for_timeout(3200)
    resident.get_by_role("button", name="提交").click()
    resident.wait_for_url("**/thanks")
    follow = resident.url.removesuffix("/thanks").split("/m/")[1]

    clerk = open_page("desktop")
    sign_in(clerk, "clerk", "/matters/triage/")
    clerk.get_by_text("村口公交站的路灯坏了", exact=False).first.wait_for()
    clerk.locator("[data-main]", has_text="市交通运输局").click()
    clerk.get_by_text("已交给市交通运输局", exact=False).wait_for()

    officer = open_page("desktop")
    sign_in(officer, "handler")

    for answer in ("已更换灯泡。", "线路重新接好，今晚亮灯。"):
        officer.goto("/")
        officer.get_by_text("村口公交站的路灯坏了", exact=False).first.click()
        move(officer, "accept")
        solved = answer.startswith("线路")
        if not solved:
            # nobody of the unit is at it: one press, and it is theirs
            officer.locator("form[action*='/moves/take/'] button").click()
        officer.locator(".facts").get_by_text("吴志强").first.wait_for()
        left = {} if solved else {"outcome_note": "线路下周检修。"}
        move(officer, "finish", reply=answer, outcome="solved" if solved else "partly", **left)
        resident.goto(f"/m/{follow}")
        resident.get_by_text(answer).first.wait_for()
        resident.get_by_text("办理单位说：已经解决" if solved else "线路下周检修").first.wait_for()
        resident.get_by_text("解决了" if solved else "没解决", exact=True).click()
        resident.get_by_text("很满意" if solved else "不满意", exact=True).click()
        # the page notes in its history what it sends, which is a navigation too: what counts is the answer
        with resident.expect_response(answered):
            resident.get_by_role("button", name="提交").click()

    with transaction.atomic(), committed_cast.everything():
        matter = Matter.objects.get()
        assert (matter.state, matter.reopened) == ("confirmed", 1)
        assert list(Confirmation.objects.order_by("at").values_list("solved", flat=True)) == [False, True]


def move(page: Any, name: str, **fields: str) -> None:
    """Send a move that stands open on a matter's page."""
    block = page.locator(f"#move-{name}")
    for field, value in fields.items():
        if field == "outcome":
            block.locator(f"label:has([value={value}]), [value={value}] + label").click()
        else:
            block.locator(f"[name={field}]").fill(value)
    with page.expect_response(answered):
        block.locator("form button").last.click()
