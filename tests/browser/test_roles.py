"""A working day's first steps of those whose day no other test walks by hand, from the sign-in page on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.journal.sealing import seal_new
from minqing.matters.enums import State
from minqing.matters.models import Matter
from tests.browser.server import sign_in_by_hand
from tests.browser.test_journey import move
from tests.cast import Cast, category

pytestmark = pytest.mark.browser


def held(cast: Cast, unit: Any, **fields: Any) -> Matter:
    with transaction.atomic():
        now = clock.now()
        given = {"state": State.ASSIGNED, "assigned_at": now, "due_at": now + timedelta(days=3)} | fields
        return cast.matter(cast.own, title="路灯不亮", category=category("road"), lead_unit=unit, **given)


def stands(cast: Cast, matter: Matter) -> Matter:
    with transaction.atomic(), cast.everything():
        return Matter.objects.get(pk=matter.pk)


def side(page: Any, address: str) -> None:
    """Through the navigation, as people go."""
    page.locator(f".side-nav a[href='{address}']").click()
    page.wait_for_url(f"**{address}")


def test_a_village_secretary_takes_on_what_the_village_was_given(committed_cast: Cast, open_page: Any) -> None:
    one = held(committed_cast, committed_cast.committee)
    page = open_page("desktop")
    sign_in_by_hand(page, "village_secretary")
    # how much waits stands beside the worklist of every page
    page.locator(".side-nav a[href='/worklist/'] .count", has_text="1").wait_for()
    side(page, "/worklist/")
    page.get_by_role("link", name="路灯不亮", exact=True).click()
    move(page, "accept")
    page.locator("form[action*='/moves/take/'] button").click()
    page.locator(".facts").get_by_text("钱国平").first.wait_for()
    now = stands(committed_cast, one)
    assert (now.state, now.handler_id) == (State.ACCEPTED, committed_cast.account("village_secretary").pk)


def test_a_head_says_who_handles_it_and_takes_that_back(committed_cast: Cast, open_page: Any) -> None:
    one = held(committed_cast, committed_cast.bureau, state=State.ACCEPTED)
    page = open_page("desktop")
    sign_in_by_hand(page, "unit_head")
    page.get_by_role("link", name="路灯不亮", exact=True).first.click()
    page.locator("a[data-move=name]").first.click()
    form = page.locator("#act-here")
    form.locator("select[name=handler]").select_option(label="吴志强", force=True)
    form.locator("form button.btn-primary").click()
    page.locator(".facts").get_by_text("吴志强").first.wait_for()
    assert stands(committed_cast, one).handler_id == committed_cast.account("handler").pk
    page.locator(".toasts").get_by_role("button", name="撤销").click()
    page.locator(".facts").get_by_text("未定承办人").first.wait_for()
    assert stands(committed_cast, one).handler_id is None


def test_an_analyst_goes_from_a_figure_to_its_rows(committed_cast: Cast, open_page: Any) -> None:
    held(committed_cast, committed_cast.bureau)
    page = open_page("desktop")
    sign_in_by_hand(page, "analyst")
    page.wait_for_url("**/leader/**")
    page.locator(".stats a", has_text="收到").first.click()
    page.get_by_role("link", name="路灯不亮").wait_for()
    assert page.locator("tr[data-row]").count() == 1
    assert page.locator("main form[method=post][action*=moves]").count() == 0, "an analyst only looks"


def test_an_auditor_reads_the_record_and_has_a_day_s_seals_checked(committed_cast: Cast, open_page: Any) -> None:
    page = open_page("desktop")
    sign_in_by_hand(page, "auditor")
    side(page, "/audit/")
    page.locator("#rows").get_by_text("蒋正").first.wait_for()
    page.get_by_label("做的事里的字词").fill("登录")
    page.locator("main form button").first.click()
    page.locator("#rows").get_by_text("蒋正").first.wait_for()
    side(page, "/audit/looks/")
    # where nothing is sealed there is nothing to check
    assert seal_new()
    side(page, "/audit/seals/")
    page.get_by_role("button", name="现在核验").first.click()
    page.locator("#alerts .alert").first.wait_for()
