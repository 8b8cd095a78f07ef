"""A matter's page by hand: how many taps an answer takes, moves in place, drafts; and that it fits every screen."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from minqing.matters.models import Matter, Step
from tests.browser.server import sign_in
from tests.cast import Cast, category

pytestmark = pytest.mark.browser
REPLY = "路灯已修好，今晚亮灯。"


class Taps:
    """A finger on a page: it counts."""

    def __init__(self, page: Any) -> None:
        self.page, self.count = page, 0

    def on(self, selector: str) -> None:
        self.count += 1
        # what has to be scrolled to for long is not at hand
        self.page.locator(f"{selector} >> visible=true").first.click()

    def write(self, selector: str, text: str) -> None:
        self.on(selector)
        self.page.locator(f"{selector} >> visible=true").first.fill(text)


@pytest.fixture
def in_hand(committed_cast: Cast) -> Matter:
    cast = committed_cast
    with transaction.atomic():
        return cast.matter(
            title="路灯不亮", text="三天没亮", state="accepted", lead_unit=cast.bureau, category=category()
        )


def steps(cast: Cast) -> list[tuple[str, str]]:
    with transaction.atomic(), cast.everything():
        return list(Step.objects.order_by("at").values_list("move", "text"))


def test_an_answer_on_the_phone_takes_four_taps(committed_cast: Cast, in_hand: Matter, open_page: Any) -> None:
    page = open_page("phone")
    sign_in(page, "handler", "/worklist/")
    finger = Taps(page)
    finger.on("[data-open]")
    page.locator(".act-bar").wait_for()
    assert page.evaluate("scrollY") == 0
    finger.on(".act-bar .btn-primary")
    page.wait_for_url("**/moves/finish/**")
    # the words have the focus as soon as the page stands: they are typed at once
    page.locator("textarea:focus").wait_for()
    page.keyboard.type(REPLY)
    finger.on("label[for=finish-outcome_0]")
    finger.on("form button.btn-primary")
    page.get_by_text("已办结并答复").first.wait_for()
    assert finger.count <= 4
    assert steps(committed_cast) == [("finish", REPLY)]
    # the place in the list is kept
    assert page.get_by_role("link", name="本单位主办").is_visible()


def test_two_units_are_asked_to_join_in_six_taps(committed_cast: Cast, in_hand: Matter, open_page: Any) -> None:
    page = open_page("phone")
    sign_in(page, "handler", f"/matters/{in_hand.pk}/")
    finger = Taps(page)
    finger.on("a[data-move=join]")
    page.wait_for_url("**/moves/join/")
    finger.on(".combo-box input")
    for name in (committed_cast.office.name, committed_cast.committee.name):
        finger.count += 1
        page.locator(".combo-list [role=option]").get_by_text(name, exact=True).click()
    finger.write("[name=task]", "请核实现场")
    finger.on("form button.btn-primary")
    page.locator(".facts").get_by_text(committed_cast.committee.name).wait_for()
    assert finger.count <= 6
    with transaction.atomic(), committed_cast.everything():
        asked = sorted(in_hand.parts.values_list("unit_id", flat=True))
    assert asked == sorted([committed_cast.office.pk, committed_cast.committee.pk])


def test_the_bar_hides_nothing_and_its_menu_is_a_sheet(committed_cast: Cast, in_hand: Matter, open_page: Any) -> None:
    page = open_page("phone")
    sign_in(page, "handler", f"/matters/{in_hand.pk}/")
    page.locator(".matter-more > summary").click()
    page.locator(".matter-more a[data-move=suspend]").click()
    page.wait_for_url("**/moves/suspend/")
    box = page.locator("form textarea").bounding_box()
    assert box["y"] + box["height"] < 844
    page.go_back()
    page.locator("[data-matter]").wait_for()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    last, bar = (page.locator(one).bounding_box() for one in (".alike-of", ".act-bar"))
    assert last["y"] + last["height"] <= bar["y"], "the end of the page stands clear of the bar"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_move_opens_where_it_is_read_and_a_link_to_one_opens_it(
    committed_cast: Cast, in_hand: Matter, open_page: Any
) -> None:
    page = open_page("desktop")
    sign_in(page, "handler", f"/matters/{in_hand.pk}/")
    assert page.locator(".btn-primary:visible").count() == 1, "one filled button"
    page.locator("a[data-move=join]").click()
    page.locator("#act-here select").first.wait_for()
    assert page.url.endswith(f"/matters/{in_hand.pk}/")
    page.locator("#act-here [data-close-act]").click()
    assert page.locator("#act-here *").count() == 0
    page.goto("/")
    page.goto(f"/matters/{in_hand.pk}/#move-transfer")
    page.locator("#act-here #transfer-reason").wait_for()
    page.goto("/")
    page.goto(f"/matters/{in_hand.pk}/#move-note")
    assert page.locator("#note-text").is_visible()
    assert not page.locator("#finish-reply").is_visible()


def test_what_is_written_is_kept_until_it_has_arrived(committed_cast: Cast, in_hand: Matter, open_page: Any) -> None:
    page = open_page("desktop")
    sign_in(page, "handler")
    address = f"/matters/{in_hand.pk}/"
    page.goto(address)
    page.locator("#tab-note").click()
    page.locator("#note-text").fill("先问有没有存料")
    page.locator("#move-note [data-kept]").get_by_text("草稿").wait_for()
    page.goto("/")
    page.goto(address)
    assert page.locator("#note-text").input_value() == "先问有没有存料"
    page.locator("#tab-note").click()
    page.locator("#move-note form button").last.click()
    page.locator(".timeline .inside").get_by_text("先问有没有存料").wait_for()
    assert page.locator("#note-text").input_value() == ""
    page.get_by_text("反映人看得到的", exact=True).click()
    assert not page.locator(".timeline .inside").is_visible()


@pytest.mark.parametrize("who", ["handler", "clerk", "cadre", "leader"])
def test_it_fits_and_can_be_used_by_everyone(committed_cast: Cast, in_hand: Matter, open_page: Any, who: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page("phone")
    sign_in(page, who, f"/matters/{in_hand.pk}/")
    for widths in ((320, 390), (1024, 1440, 1920)):
        page.set_viewport_size({"width": widths[-1], "height": 800})
        page.reload()
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (who, width)
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
