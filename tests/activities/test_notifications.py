"""Who signed up hears that it does not take place, or that a place has become free."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from minqing.activities import notifications, services
from minqing.activities.notifications import KINDS, tell_of_cancelled, tell_of_place
from minqing.core import clock
from minqing.journal.models import Event
from minqing.org.models import Post
from tests.activities.cases import WHY, Doing
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Told = list[tuple[str, Any]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Kind of notice, and to whom it goes."""
    found: Told = []
    kinds = {one.code: one for one in KINDS}

    def letters(*, letters: Any, kind: str, params: Any, **_given: Any) -> None:
        kinds[kind].clean(params)
        found.extend((kind, one.to.address) for one in letters)

    def several(*, to: Any, kind: str, params: Any, **_given: Any) -> None:
        kinds[kind].clean(params)
        found.extend((kind, account) for account in to)

    monkeypatch.setattr(notifications, "send_letters", letters)
    monkeypatch.setattr(notifications, "send_notices", several)
    return found


def deliver(cast: Cast, type: str, tell: Callable[[Event], None]) -> None:
    with cast.everything():
        event = Event.objects.filter(type=type).latest("seq")
    tell(event)


def test_who_comes_or_waits_reads_that_it_does_not_take_place(cast: Cast, told: Told) -> None:
    case = Doing(cast, capacity=1)
    case.sign(0), case.sign(1, who="clerk")
    case.do("cadre", services.cancel_activity, reasons=WHY)
    deliver(cast, "activities.activity.cancelled", tell_of_cancelled)
    helper, phone = ("activities.cancelled", cast.account("clerk").pk), ("activities.off", "13857500001")
    assert told == [helper, phone], "who shares a telephone reads it once"


def test_where_who_signed_others_up_has_left_the_village_of_these_hears(cast: Cast, told: Told) -> None:
    case = Doing(cast)
    case.sign(0, who="cadre")
    with cast.everything():
        Post.objects.filter(account=cast.account("cadre")).update(until=clock.today() - timedelta(days=1))
    case.do("clerk", services.cancel_activity, reasons=WHY)
    deliver(cast, "activities.activity.cancelled", tell_of_cancelled)
    assert ("activities.cancelled", cast.account("village_secretary").pk) in told
    assert ("activities.cancelled", cast.account("cadre").pk) not in told


def test_who_withdrew_and_who_cancelled_it_hear_nothing(cast: Cast, told: Told) -> None:
    case = Doing(cast)
    case.withdraw(case.sign(0))
    case.do("cadre", services.cancel_activity, reasons=WHY)
    deliver(cast, "activities.activity.cancelled", tell_of_cancelled)
    assert told == []


def test_who_moved_up_hears_of_the_place(cast: Cast, told: Told) -> None:
    case = Doing(cast, capacity=1)
    first = case.sign(0)
    case.sign(1)
    case.withdraw(first)
    deliver(cast, "activities.sign_up.moved_up", tell_of_place)
    assert told == [("activities.place", "13857500001")]
