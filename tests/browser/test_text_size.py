"""Text twice as large on a phone: the pages of each day are read without scrolling sideways (WCAG 1.4.4)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from minqing.households.models import Household
from tests.browser.looks import PHONE, TWICE, put_on, wrong
from tests.browser.server import sign_in
from tests.browser.test_journey import door, home
from tests.cast import Cast

__all__ = ["door", "home"]
pytestmark = pytest.mark.browser

PAGES = {
    "cadre": ("/", "/households/{home}/", "/visits/new/{home}/", "/matters/{matter}/"),
    "clerk": ("/", "/matters/triage/", "/matters/{matter}/?in=state%3D", "/visits/care/"),
}


@pytest.mark.parametrize("who", PAGES)
def test_text_twice_as_large_fits_the_phone(committed_cast: Cast, home: Household, open_page: Any, who: str) -> None:
    with transaction.atomic():
        matter = committed_cast.matter(title="村口公交站的路灯坏了，夜里看不见路")
        for n in range(2):
            committed_cast.matter(title=f"水沟堵了{n}")
    page = open_page("phone")
    sign_in(page, who)
    faults = []
    for path in PAGES[who]:
        page.goto(path.format(home=home.pk, matter=matter.pk))
        assert page.locator("#main").count()
        put_on(page, TWICE)
        faults += [f"{path} {one}" for one in wrong(page, TWICE)]
        put_on(page, PHONE)
    assert not faults, "\n".join(faults)
