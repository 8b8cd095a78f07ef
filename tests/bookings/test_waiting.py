"""A day is full: who waits is offered what is freed, in order, once each; and what time does by itself."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.urls import reverse

from minqing.bookings import services
from minqing.bookings.enums import HoursKind, State, WaitState
from minqing.bookings.models import Booking, Wait
from minqing.bookings.notifications import TELLS, notify_of
from minqing.bookings.rules import OFFER_FOR, RENEW
from minqing.bookings.services.upkeep import each
from minqing.bookings.subjects import SUBJECTS
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.notify.models import Notice, Outgoing
from minqing.org.models import Post
from minqing.org.queries import system_actor, work_calendar
from minqing.points.enums import AccountKind, Code, End
from minqing.points.models import HoldEnd
from minqing.points.services import house_account, post_transfer
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import Person
from tests.bookings.test_pages import at_door
from tests.bookings.world import World
from tests.cast import Cast
from tests.points.ledgers import holds

pytestmark = pytest.mark.django_db


class Full(World):
    """All four times of a day are taken; ``taken`` are their bookings."""

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self.day = clock.local_date(self.tomorrow())
        times = [at for at in self.times() if clock.local_date(at) == self.day]
        self.taken = [self.for_another(f"何{number}", at) for number, at in enumerate(times)]

    def for_another(self, name: str, at: datetime) -> Booking:
        home, one, _payer = self.somebody(name, 40)
        return self.book(household=home.pk, resident=one.pk, begins_at=at)

    def wait(self, name: str = "", points: int = 100) -> tuple[Wait, int]:
        home, one, payer = self.somebody(name, points) if name else (self.home, self.one, self.payer)
        row = self.do("join_waiting", "cadre" if name else "resident", id=new_id(), what=self.service,
                      household=home.pk, resident=one.pk, day=self.day)  # fmt: skip
        return row, payer

    def state(self, row: Wait) -> str:
        with self.cast.everything():
            return Wait.objects.get(pk=row.pk).state

    def offer(self) -> Booking:
        with self.cast.everything():
            return Booking.objects.get(state=State.OFFERED)


@pytest.mark.case("B43")
def test_a_freed_time_is_offered_to_the_first_who_waits_and_then_to_the_next(cast: Cast) -> None:
    world = Full(cast)
    (poor, _), (first, payer), (second, _) = world.wait("穷人", 10), world.wait("施小妹"), world.wait()
    world.do("cancel_booking", booking=world.taken[0])
    assert [world.state(one) for one in (poor, first, second)] == ["passed", "offered", "waiting"]
    offer = world.offer()
    # it takes the time and the points, as a booking does
    assert (offer.begins_at, world.left(payer)) == (world.taken[0].begins_at, (60, 40))
    assert offer.begins_at not in world.times()
    world.do("decline_booking", booking=offer)
    assert [world.state(one) for one in (first, second)] == ["offered", "offered"]
    assert world.left(payer) == (100, 0)
    mine = world.offer()
    assert (mine.resident_id, world.left()) == (world.one.pk, (60, 40))
    world.do("accept_booking", "resident", booking=mine)
    # who gave it back is not offered it again
    world.do("cancel_booking", "resident", booking=mine)
    with cast.everything():
        assert not Booking.objects.filter(state=State.OFFERED).exists()
    assert mine.begins_at in world.times()
    holds()


def test_who_waits_counts_like_who_has_booked(cast: Cast) -> None:
    world = Full(cast)
    with cast.everything() as by:
        issuance = house_account(kind=AccountKind.ISSUANCE, by=by).pk
        given = {"debit": issuance, "credit": world.payer, "amount": 400, "code": Code.AWARD}
        post_transfer(caller="tests", key="rich", by=by, **given).checked()
    row, _payer = world.wait()
    later = [one for one in world.times() if clock.local_date(one) > world.day]
    for at in later[:3]:
        world.book(begins_at=at)
    with pytest.raises(Conflict) as told:
        world.book(begins_at=later[3])
    assert told.value.code == "too_many_open"
    # and what is offered for the wait is no fifth
    world.do("cancel_booking", booking=world.taken[0])
    assert world.state(row) == "offered"
    with pytest.raises(Conflict):
        world.book(begins_at=later[3])


def test_an_offer_ends_by_itself_and_is_not_taken_after_that(cast: Cast) -> None:
    world = Full(cast)
    world.wait(), world.wait("施小妹")
    world.do("cancel_booking", booking=world.taken[1])
    offer, later = world.offer(), clock.now() + OFFER_FOR
    with acting_as(by := world.actor("resident")), pytest.raises(Conflict):
        services.accept_booking(booking=offer, by=by, at=later)
    services.pass_time(by=system_actor("bookings.test"), at=later)
    assert world.now(offer).state == State.LAPSED
    assert world.offer().pk != offer.pk


def test_nobody_waits_twice_or_where_there_are_free_times_and_leaving_ends_it(cast: Cast) -> None:
    world = Full(cast)
    row, _payer = world.wait()
    with pytest.raises(Conflict, match=r"already|已经"):
        world.wait()
    world.do("leave_waiting", "resident", wait=row)
    world.do("cancel_booking", booking=world.taken[0])
    assert world.state(row) == WaitState.LEFT
    with pytest.raises(Conflict):
        world.wait("施小妹")


def test_more_hours_of_a_full_day_are_offered_to_who_waits(cast: Cast) -> None:
    world = Full(cast)
    row, _payer = world.wait()
    world.do("add_hours", "volunteer", id=new_id(), provider=world.provider, kind=HoursKind.SINGLE, day=world.day,
             begins=time(14), ends=time(15))  # fmt: skip
    assert world.state(row) == WaitState.OFFERED


def test_at_the_door_one_waits_takes_what_is_offered_or_waits_no_longer(cast: Cast) -> None:
    world = Full(cast)
    client, token = at_door(world)
    times, own = reverse("bookings:times", args=[token, world.service.pk]), reverse("bookings:own", args=[token])
    form = client.get(times).context["wait"]
    data = {"request_id": str(form["request_id"].value()), "day": world.day.isoformat()}
    assert client.post(times, data | {"day": "never"}).status_code == 422
    assert client.post(times, data).status_code == 302
    ((row, press),) = client.get(own).context["waits"]
    leave = reverse("bookings:own_leave", args=[token, row.pk])
    assert client.post(leave, {"seen": press.token}).status_code == 302
    assert world.state(row) == WaitState.LEFT


def test_silence_is_an_answer_after_working_days(cast: Cast) -> None:
    world = World(cast)
    done, unsaid = world.past(world.book()), world.past(world.book(), timedelta(hours=2))
    world.do("finish_booking", "volunteer", booking=done)
    by, calendar = system_actor("bookings.test"), work_calendar()
    third, seventh = (calendar.add_working_days(clock.now(), days).at for days in (3, 7))
    services.pass_time(by=by, at=third - timedelta(minutes=1))
    assert world.now(done).state == State.DONE
    services.pass_time(by=by, at=third)
    assert (world.now(done).state, world.now(unsaid).state) == (State.CONFIRMED, State.BOOKED)
    services.pass_time(by=by, at=seventh)
    assert (world.now(unsaid).state, world.left(), world.earned()) == (State.NOT_COME, (60, 0), 40)


def test_one_that_cannot_be_done_holds_up_no_other(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    world, by = World(cast), system_actor("bookings.test")
    broken, other = world.past(world.book(), timedelta(hours=2)), world.past(world.book())

    def act(*, booking: Booking, by: Actor, at: datetime) -> None:
        if booking.pk == broken.pk:
            raise RuntimeError("何桂香")
        Booking.objects.filter(pk=booking.pk).update(reminded_at=at)

    assert each(Booking.objects.order_by("begins_at"), act, by, clock.now()) == 1
    assert (world.now(other).reminded_at is None, world.now(broken).reminded_at) == (False, None)
    assert ("RuntimeError" in caplog.text, "何桂香" in caplog.text) == (True, False)


def test_a_hold_is_renewed_before_it_runs_out_under_a_booking(cast: Cast) -> None:
    world = World(cast)
    made = world.past(world.book())
    world.do("finish_booking", "volunteer", booking=made)
    world.do("doubt_booking", "resident", booking=made, words="没修好")
    before = world.now(made)
    services.pass_time(by=system_actor("bookings.test"), at=before.held_until - RENEW + timedelta(minutes=1))
    after = world.now(made)
    assert (after.hold != before.hold, after.held_until > before.held_until) == (True, True)
    # the same points, which may have run out while they were held: they are not free in between
    assert HoldEnd.objects.get(hold=before.hold).how == End.RENEWED
    assert world.left() == (60, 40)
    world.do("confirm_booking", "clerk", booking=made)
    assert (world.left(), world.earned()) == ((60, 0), 40)
    holds()


@pytest.mark.case("B46")
def test_only_what_still_stands_is_reminded_of_and_once(cast: Cast) -> None:
    world = World(cast)
    gone, made = world.book(), world.book()
    world.do("cancel_booking", booking=gone)
    soon = made.begins_at - timedelta(hours=2)
    for _time in range(2):
        services.pass_time(by=system_actor("bookings.test"), at=soon)
    with cast.everything():
        reminded = Event.objects.filter(type="bookings.booking.reminded").values_list("subject", flat=True)
        assert list(reminded) == [f"booking:{made.pk}"]


@pytest.mark.parametrize(
    ("type", "to"),
    [
        ("bookings.booking.called_off", {"cadre"}),
        ("bookings.booking.reminded", {"cadre", "volunteer"}),
        ("bookings.booking.doubted", {"village_secretary"}),
        ("bookings.booking.made", {"volunteer"}),
    ],
)
def test_who_hears_of_it_and_no_name_leaves_the_house(cast: Cast, type: str, to: set[str]) -> None:
    world = World(cast)
    made = world.book()
    event: Any = Event(id=new_id(), type=type, subject=f"booking:{made.pk}", at=clock.now(), actor="system:test")
    for _time in range(2):
        notify_of(event)
    with acting_as(system_actor("notify")):
        heard = set(Notice.objects.values_list("account", flat=True))
        texts = list(Outgoing.objects.values_list("params", flat=True))
    assert heard == {cast.account(one).pk for one in to}
    assert all(one == {"number": made.number} for one in texts)
    assert type in TELLS


def test_who_booked_and_has_left_hears_nothing_and_the_village_does(cast: Cast) -> None:
    made = World(cast).book()
    with cast.everything():
        Post.objects.filter(account=cast.account("cadre")).update(until=clock.today() - timedelta(days=1))
    type, subject = "bookings.booking.called_off", f"booking:{made.pk}"
    event: Any = Event(id=new_id(), type=type, subject=subject, at=clock.now(), actor="system:test")
    notify_of(event)
    with acting_as(system_actor("notify")):
        heard = set(Notice.objects.filter(kind="bookings.called_off").values_list("account", flat=True))
    assert heard == {cast.account("village_secretary").pk}


@pytest.mark.parametrize("ended", [False, True], ids=["as they stand", "by an entry that ended"])
def test_whoever_is_erased_waits_for_nothing_and_the_journal_says_so(cast: Cast, ended: bool) -> None:
    full = Full(cast)
    row, _payer = full.wait()
    one = cast.resident(cast.household(), "何桂香") if ended else full.one
    merged = frozenset({full.one.pk} - {one.pk})
    person = Person(cause="rights:1", name="何桂香", resident=one.pk, household=one.household_id, merged=merged)
    with cast.everything() as by:
        assert SUBJECTS.find(person).records == 1
        assert [len(one.rows) for one in SUBJECTS.give(person)] == [0, 1]
        assert SUBJECTS.erase(person=person, by=by, at=clock.now()) == 1
        told = Event.objects.get(type="bookings.person.erased")
    assert (full.state(row), told.data) == (WaitState.LEFT, {"bookings": 0, "waits": 1, "covered": 0})


@pytest.mark.parametrize(("phone", "carrier", "heard"), [(True, True, False), (True, False, True), (False, True, True)])
def test_where_no_message_reaches_the_household_who_keeps_the_providers_hears_that_nobody_was_at_home(
    cast: Cast, settings: Any, phone: bool, carrier: bool, heard: bool
) -> None:
    if carrier:
        settings.NOTIFY = settings.NOTIFY | {
            "sms": "json",
            "sms_url": "https://gate.example/",
            "sms_token": "gate-token",
        }
    world = World(cast)
    made = world.book("resident")
    with cast.everything():
        Booking.objects.filter(pk=made.pk).update(state=State.MISS_SAID.value, **({} if phone else {"phone": ""}))
    event: Any = Event(id=new_id(), type="bookings.booking.miss_said", subject=f"booking:{made.pk}", at=clock.now(),
                       actor=f"user:{cast.account('volunteer').pk}")  # fmt: skip
    for _time in range(2):
        notify_of(event)
    with acting_as(system_actor("notify")):
        told = set(Notice.objects.filter(kind="bookings.miss_said").values_list("account", flat=True))
        assert Outgoing.objects.filter(channel="sms", kind="bookings.news").count() == (not heard)
    assert (cast.account("village_secretary").pk in told) is heard


@pytest.mark.parametrize("decide", ["miss", "fail", "confirm"])
def test_what_is_decided_is_told_to_both_sides_as_a_decision(cast: Cast, decide: str) -> None:
    world = World(cast)
    made = world.past(world.book("resident"))
    world.do("say_missed", "volunteer", booking=made)
    world.do("contradict_booking", "cadre", booking=made, words="我在家等了一上午")
    world.do(f"{decide}_booking", "village_secretary", booking=made)
    with cast.everything():
        event = Event.objects.filter(subject=f"booking:{made.pk}").latest("seq")
    notify_of(event)
    with acting_as(system_actor("notify")):
        told = set(Notice.objects.values_list("account", "kind"))
    assert told == {(cast.account(one).pk, "bookings.decided") for one in ("cadre", "volunteer")}


def test_what_nobody_differs_on_is_told_as_it_was(cast: Cast) -> None:
    world, by = World(cast), system_actor("bookings.test")
    made, missed = world.past(world.book()), world.past(world.book(), timedelta(hours=2))
    world.do("finish_booking", "volunteer", booking=made)
    world.do("confirm_booking", "cadre", booking=made)
    world.do("say_missed", "volunteer", booking=missed)
    services.pass_time(by=by, at=work_calendar().add_working_days(clock.now(), 3).at)
    with cast.everything():
        events = list(Event.objects.filter(type__in=["bookings.booking.confirmed", "bookings.booking.missed"]))
    for event in events:
        notify_of(event)
    with acting_as(system_actor("notify")):
        told = list(Notice.objects.values_list("account", "kind"))
    assert len(events) == 2
    assert told == [(cast.account("cadre").pk, "bookings.missed")]
