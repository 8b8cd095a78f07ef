"""A shop says why it closes and from when; until then it takes points, and people read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from minqing.core import clock
from minqing.core.errors import Conflict, Invalid
from tests.cast import Cast
from tests.redeeming.shops import Small

pytestmark = pytest.mark.django_db
WHY = "店主搬到镇上住。"


def test_until_that_day_points_are_taken_and_afterwards_not(cast: Cast) -> None:
    small, day = Small(cast), clock.today() + timedelta(days=3)
    small.do("close_shop", shop=small.shop, day=day, words=WHY)
    small.sell()
    with pytest.raises(Conflict, match="shop_closed"):
        small.sell(at=clock.midnight(day) + timedelta(minutes=1))
    assert small.left() == (4, 25)


def test_it_is_said_in_words_and_not_for_a_day_that_is_over(cast: Cast) -> None:
    small = Small(cast)
    with pytest.raises(Invalid, match="closing_words"):
        small.do("close_shop", shop=small.shop, day=clock.today(), words=" ")
    with pytest.raises(Invalid, match="day_past"):
        small.do("close_shop", shop=small.shop, day=clock.today() - timedelta(days=1), words=WHY)


def test_it_is_written_on_the_shop_s_page_and_read_on_the_phone(cast: Cast) -> None:
    small, clerk = Small(cast), cast.client("clerk")
    page = reverse("redeeming:shop", args=[small.shop.pk])
    seen = clerk.get(page).context["closing"].token
    day = (clock.today() + timedelta(days=3)).isoformat()
    close = reverse("redeeming:close", args=[small.shop.pk])
    assert clerk.post(close, {"day": day, "words": "", "seen": seen}).status_code == 422
    assert clerk.post(close, {"day": day, "words": WHY, "seen": seen}).status_code == 302
    assert WHY in clerk.get(page).content.decode()
    phone, token = Client(), cast.code(small.home, "closing-door")
    own = reverse("points:own", args=[token])
    phone.post(reverse("doorstep:who", args=[token]), {"proof": "0001", "next": own})
    assert WHY in phone.get(own).content.decode()


def test_a_closed_shop_has_no_till_and_is_not_told_of_on_the_phone(cast: Cast) -> None:
    small = Small(cast)
    small.do("close_shop", shop=small.shop, day=clock.today(), words=WHY)
    page = cast.client("village_secretary").get(reverse("redeeming:shop", args=[small.shop.pk]))
    assert not page.context["sells"]
    assert page.context["closing"] is None
    with pytest.raises(Conflict, match="shop_closed"):
        small.do("close_shop", shop=small.shop, day=clock.today(), words=WHY)
