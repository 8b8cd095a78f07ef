"""Two clerks at the queue: the second sees at once what the first did, wherever the row stood."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from minqing.core.ids import new_id
from minqing.matters.models import Matter
from minqing.matters.services import assign_matter
from minqing.org.enums import Role
from minqing.privacy.access import acting_as
from tests.browser.server import sign_in
from tests.cast import Cast, person

pytestmark = [pytest.mark.browser, pytest.mark.fault(81)]


# below the bar that stays on top, in the upper half
IN_VIEW = """() => {
  const top = document.querySelector("#alerts .alert").getBoundingClientRect().top;
  return document.querySelector("header").getBoundingClientRect().bottom <= top && top < window.innerHeight / 2;
}"""


def assigned_by_somebody(cast: Cast, matter: Matter) -> None:
    other = cast.actor("second_clerk")
    with transaction.atomic(), acting_as(other):
        assign_matter(id=new_id(), matter=matter, unit=cast.bureau.pk, due_days=5, by=other)


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_conflict_is_in_view_and_has_the_focus(committed_cast: Cast, open_page: Any, size: str) -> None:
    with transaction.atomic():
        matters = [committed_cast.matter(title=f"路灯不亮{n}") for n in range(12)]
        person(committed_cast, "second_clerk", Role.CLERK, committed_cast.office, committed_cast.town, "林晓")
    page = open_page(size)
    sign_in(page, "clerk", "/matters/triage/")
    link = page.locator("[data-row] [data-open]").last
    title = link.inner_text()
    link.click()
    page.locator("#view h2", has_text=title).wait_for()
    form = page.locator("#sort")
    form.locator("[name=unit]").select_option(str(committed_cast.office.pk), force=True)
    form.locator("[name=due_days]").fill("3")
    form.locator("[name=note]").fill("请尽快。")
    assigned_by_somebody(committed_cast, next(one for one in matters if one.title == title))
    # the page is on its way to a field far away when it is sent
    page.evaluate("""() => {
      window.scrollTo({ top: 0, behavior: "instant" });
      document.querySelector("#sort [name=note]").scrollIntoView({ block: "end" });
      document.querySelector("[data-main]").click();
    }""")
    alert = page.locator("#alerts .alert")
    alert.get_by_text(f"→ {committed_cast.bureau.name}").wait_for()
    assert page.evaluate("document.activeElement.closest('#alerts') !== null")
    assert alert.get_by_text("林晓").is_visible()
    assert alert.get_by_text(title).is_visible()
    page.wait_for_function(IN_VIEW)
    assert alert.get_by_role("link", name="打开这件事项").is_visible()
    # what was typed stands where it was typed
    assert form.locator("[name=note]").input_value() == "请尽快。"
