"""A leader's morning in a browser: grants, decides, supervises where it is asked, and reads what came of it."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.deadlines.enums import Rung
from minqing.matters import services
from minqing.matters.enums import Move, State
from minqing.matters.models import Matter, Step
from minqing.privacy.access import acting_as
from tests.browser.server import sign_in
from tests.cast import Cast
from tests.matters.lives import Life

pytestmark = pytest.mark.browser


def look(page: Any, name: str) -> None:
    if folder := os.environ.get("MINQING_LOOK"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


@pytest.fixture
def asked(committed_cast: Cast) -> dict[str, Matter]:
    cast, now = committed_cast, clock.now()
    with transaction.atomic():
        late = Life(cast).accepted()
        at = late.changed_at + timedelta(hours=1)
        with acting_as(by := cast.actor("handler")):
            services.ask_extension(id=new_id(), matter=late, days=5, reason="等石料", by=by, at=at)
        nobodys = cast.matter(cast.own, title="饮水发黄", contested=True, refusals=2)
        held = {"state": State.ACCEPTED, "lead_unit": cast.bureau, "rung": Rung.CITY.value, "assigned_at": now}
        carried = cast.matter(cast.own, title="护栏松动", due_at=now - timedelta(days=9), **held)
        with cast.everything():
            Step.objects.create(matter=carried, move=Move.ESCALATE.value, state=carried.state, at=now, by="system:x")
    return {"late": late, "nobodys": nobodys, "carried": carried}


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_leader_grants_decides_supervises_and_reads(asked: dict[str, Matter], open_page: Any, size: str) -> None:
    page = open_page(size)
    sign_in(page, "leader", "/leader/")
    page.wait_for_load_state("networkidle")
    look(page, f"leader-{size}")
    page.get_by_role("button", name="同意", exact=True).click()
    page.locator(".decide.done").wait_for()
    page.locator(".decide", has_text="饮水发黄").get_by_role("link", name="裁定由谁办…").click()
    page.locator(".answer select[name=unit]").select_option(label="市交通运输局")
    page.locator(".answer textarea[name=minutes]").fill("会上定由交通局办")
    look(page, f"leader-deciding-{size}")
    page.locator(".answer form button, form.answer button").last.click()
    page.locator(".decide.done").nth(1).wait_for()
    page.locator(".decide", has_text="护栏松动").get_by_role("link", name="挂牌督办…").click()
    page.locator(".answer textarea[name=order]").fill("本月修好")
    page.locator("form.answer button").last.click()
    page.locator(".decide.done").nth(2).wait_for()
    look(page, f"leader-done-{size}")
    with page.expect_navigation():
        page.locator(".decide.done").get_by_role("link", name="护栏松动").click()
    assert "本月修好" in page.content()
    page.goto("/leader/")
    assert "没有等您决定的事" in page.content()
