"""The clock leaps, and is set back: what is kept for a time is not deleted by a time that has not passed."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection

from minqing.config.tasks import forget_jobs, keep_time
from minqing.core import clock
from minqing.core.ids import new_id
from minqing.core.timekeeping import DOUBTED, LEAP, Change, believe_clock, lived_now, note_time
from minqing.files.models import Attachment
from minqing.files.services import store_picture
from minqing.journal.idempotency import KEPT, forget_sends
from minqing.journal.models import Event, Send
from minqing.matters.services import drop_unused_pictures
from minqing.matters.services.pictures import KEPT_UNUSED
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.files.pictures import jpeg

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class Hands:
    """The clock of this machine, turned by a test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = self.start = clock.now()
        monkeypatch.setattr(clock, "now", lambda: self.at)

    def to(self, ahead: timedelta) -> datetime:
        self.at = self.start + ahead
        return self.at


@pytest.fixture
def hands(db: None, monkeypatch: pytest.MonkeyPatch) -> Hands:
    return Hands(monkeypatch)


def test_time_goes_by_the_clock_where_nothing_was_noted_and_while_it_goes_on(hands: Hands) -> None:
    assert lived_now() == hands.at
    for ahead in (timedelta(), HOUR, LEAP, LEAP + HOUR):
        hands.to(ahead)
        assert (note_time(), lived_now()) == (None, hands.at)


def test_a_leap_is_not_lived_through_before_and_after_it_is_noted(hands: Hands) -> None:
    note_time()
    hands.to(400 * DAY)
    # whichever job runs first
    assert lived_now() == hands.start
    assert note_time() is Change.LEAPT
    assert lived_now() == hands.start
    hands.to(400 * DAY + HOUR)
    assert (note_time(), lived_now()) == (None, hands.start + HOUR)
    # a second one over it
    hands.to(900 * DAY)
    assert (note_time(), lived_now()) == (Change.LEAPT, hands.start + HOUR)


def test_set_back_to_the_right_time_all_goes_on(hands: Hands) -> None:
    note_time()
    hands.to(400 * DAY)
    note_time()
    hands.to(2 * HOUR)
    assert lived_now() <= hands.at
    assert (note_time(), note_time()) == (Change.SET_BACK, None)
    assert lived_now() == hands.at


def test_a_clock_that_keeps_to_its_new_time_is_believed_after_some_days_or_by_the_operator(hands: Hands) -> None:
    note_time()
    hands.to(10 * DAY)
    note_time()
    noted = []
    for hours in range(24, 24 * 4, 12):
        hands.to(10 * DAY + hours * HOUR)
        noted.append((hours, note_time()))
    assert [one for one in noted if one[1]] == [(84, Change.BELIEVED)]
    assert lived_now() == hands.at
    assert DOUBTED == 72 * HOUR
    hands.to(30 * DAY)
    assert note_time() is Change.LEAPT
    assert [believe_clock(excused_until=None), believe_clock(excused_until=None)] == [True, False]
    assert lived_now() == hands.at


def test_each_change_is_told_once(hands: Hands) -> None:
    for ahead in (timedelta(), 9 * DAY, 9 * DAY + HOUR, HOUR):
        hands.to(ahead)
        keep_time(0)
    told = Event.objects.filter(subject="clock").order_by("pk").values_list("type", flat=True)
    assert list(told) == ["config.clock.leapt", "config.clock.set_back"]


def job(at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH made AS (INSERT INTO procrastinate_jobs (queue_name, task_name, status) "
            "VALUES ('default', 'x', 'succeeded') RETURNING id) "
            "INSERT INTO procrastinate_events (job_id, type, at) SELECT id, 'succeeded', %s FROM made",
            [at],
        )


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'x'")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(("ahead", "left"), [(timedelta(), 1), (400 * DAY, 1), (LEAP - HOUR, 0)])
def test_what_is_old_by_a_wrong_clock_alone_stays(cast: Cast, hands: Hands, ahead: timedelta, left: int) -> None:
    """What lacks an hour and a half of its age when the clock leaps."""
    lacking = 2 * HOUR
    note_time()
    Send.objects.create(pk=new_id(), digest=b"x", at=hands.at - KEPT + lacking)
    job(hands.at - timedelta(hours=72) + lacking)
    with acting_as(by := cast.actor("cadre")):
        picture = store_picture(id=new_id(), upload=BytesIO(jpeg()), name="a.jpg", by=by).pk
        Attachment.objects.filter(pk=picture).update(stored_at=hands.at - KEPT_UNUSED + lacking)
    hands.to(ahead)
    sent = Send.objects.filter(digest=b"x")
    forget_sends()
    forget_jobs(0)
    drop_unused_pictures(by=system_actor("test"))
    with cast.everything():
        assert (sent.count(), jobs(), Attachment.objects.count()) == (left, left, left)
