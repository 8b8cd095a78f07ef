"""Whose rooms are still to come is told to whom to turn."""

from __future__ import annotations

import pytest

from minqing.org.models import Unit
from tests.cast import Cast


@pytest.mark.parametrize(
    ("role", "told"), [("liaison", "企业的页面还在做"), ("volunteer", "凭便民单可以在这里代群众表态")]
)
def test_the_office_of_the_place_stands_there_with_its_telephone(cast: Cast, role: str, told: str) -> None:
    Unit.objects.filter(pk=cast.office.pk).update(phone="057583010000")
    page = cast.client(role).get("/").content.decode()
    assert told in page
    assert cast.office.name in page
    assert 'href="tel:057583010000"' in page


def test_nobody_else_is_told_it(cast: Cast) -> None:
    assert "有事找谁" not in cast.client("auditor").get("/").content.decode()
