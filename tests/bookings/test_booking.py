"""A time and its points: booked together, ended by both sides, given back by the rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from minqing.bookings import services
from minqing.bookings.enums import HoursKind, Move, State, WaitState
from minqing.bookings.models import Booking, Term, Wait
from minqing.bookings.queries import answer_by, their_turn, visible_bookings, waits_on
from minqing.bookings.rules import (
    CONFIRM_DAYS,
    DECIDE_DAYS,
    SILENT_DAYS,
    Situation,
    free_starts,
    may_see,
    moves_for,
    returned,
)
from minqing.core import clock
from minqing.core.errors import Conflict, DomainError, Invalid, Refused
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.org.queries import system_actor, work_calendar
from minqing.points.enums import End
from minqing.points.models import HoldEnd
from minqing.privacy.access import acting_as
from tests.bookings.world import World
from tests.cast import Cast
from tests.points.ledgers import holds

pytestmark = pytest.mark.django_db


def code_of(work: Any) -> str:
    with pytest.raises(DomainError) as told:
        work()
    assert str(told.value.sentence)
    return told.value.code


def situation(world: World, row: Booking) -> Situation:
    """As it stands now."""
    with world.cast.everything():
        return Booking.objects.get(pk=row.pk).situation


def test_a_time_is_booked_and_its_points_are_held_until_both_sides_have_spoken(cast: Cast) -> None:
    world = World(cast)
    made = world.book("resident")
    assert (made.state, world.left(), world.earned()) == (State.BOOKED, (60, 40), 0)
    assert made.begins_at not in world.times()
    assert code_of(lambda: world.do("finish_booking", "volunteer", booking=made)) == "too_early"
    world.past(made)
    world.do("arrive_booking", "volunteer", booking=made)
    world.do("finish_booking", "volunteer", booking=made)
    assert (world.left(), world.earned()) == ((60, 40), 0)
    world.do("confirm_booking", "resident", booking=made)
    assert (world.now(made).state, world.left(), world.earned()) == (State.CONFIRMED, (60, 0), 40)
    with cast.everything():
        types = set(Event.objects.filter(subject=f"booking:{made.pk}").values_list("type", flat=True))
    assert {f"bookings.booking.{one}" for one in ("made", "arrived", "done", "confirmed")} <= types
    holds()


@pytest.mark.case("B11")
def test_who_comes_second_reads_which_times_are_free_next(cast: Cast) -> None:
    world = World(cast)
    first = world.book()
    home, one, payer = world.somebody("施小妹")
    with pytest.raises(Conflict) as told:
        world.book(household=home.pk, resident=one.pk, begins_at=first.begins_at)
    nearest = world.times(1)[0].astimezone(clock.SHANGHAI)
    assert (told.value.code, f"{nearest:%H:%M}" in str(told.value.sentence)) == ("time_taken", True)
    assert world.left(payer) == (100, 0)


@pytest.mark.case("B11")
def test_the_database_itself_lets_no_two_living_ones_overlap(cast: Cast) -> None:
    world = World(cast)
    one, other = world.book(), world.book()
    with cast.everything():
        rows, at = Booking.objects.filter(pk=other.pk), {"begins_at": one.begins_at, "ends_at": one.ends_at}
        for state in (State.BOOKED, State.OFFERED, State.DONE):
            with pytest.raises(IntegrityError, match="bookings_no_two"), transaction.atomic():
                rows.update(state=state.value, **at)
        rows.update(state=State.CANCELLED.value, **at)


@pytest.mark.parametrize(("hours", "free", "earned"), [(48, 100, 0), (3, 80, 20)])
def test_cancelled_in_time_all_comes_back_and_later_the_share_that_was_said(
    cast: Cast, hours: int, free: int, earned: int
) -> None:
    world = World(cast)
    made = world.past(world.book("resident"), timedelta(hours=-hours))
    world.do("cancel_booking", "resident", booking=made)
    assert (world.left(), world.earned(), world.now(made).returned) == ((free, 0), earned, 40 - earned)
    # what stays with the provider is of the points that were held, though they may have run out meanwhile
    assert HoldEnd.objects.get(hold=made.hold).how == (End.RENEWED if earned else End.VOIDED)
    assert code_of(lambda: world.do("cancel_booking", "resident", booking=made)) == "wrong_state"
    if earned:
        assert code_of(lambda: world.do("give_back_points", "cadre", booking=made, words="住院")) == "not_keeper"
        world.do("give_back_points", "clerk", booking=made, words="她那天住院了")
        assert (world.left(), world.earned(), world.now(made).state) == ((100, 0), 0, State.RETURNED)
    holds()


def test_once_it_has_begun_it_is_cancelled_no_more(cast: Cast) -> None:
    world = World(cast)
    made = world.past(world.book("resident"), timedelta(minutes=-2))
    assert Move.CANCEL in moves_for(world.actor("resident"), made_now := situation(world, made), clock.now())
    assert Move.CANCEL not in moves_for(world.actor("resident"), made_now, made.begins_at)
    made = world.past(made, timedelta())
    for who in ("resident", "cadre"):
        assert code_of(lambda who=who: world.do("cancel_booking", who, booking=made)) == "begun"
    assert (world.now(made).state, world.left(), world.earned()) == (State.BOOKED, (60, 40), 0)


def test_what_was_booked_keeps_the_terms_under_which_it_was(cast: Cast) -> None:
    world = World(cast)
    made = world.book("resident")
    Term.objects.filter(code="cancel").update(hours=0, share=0)
    made = world.past(made, timedelta(hours=-3))
    world.do("cancel_booking", "resident", booking=made)
    assert world.left() == (80, 0)


@pytest.mark.parametrize(
    ("who", "service", "said", "state", "free", "earned"),
    [
        ("volunteer", "say_missed", State.MISS_SAID, State.MISSED, 60, 40),
        ("resident", "say_not_come", State.FAIL_SAID, State.NOT_COME, 100, 0),
    ],
)
def test_who_is_said_not_to_have_been_there_has_days_to_contradict(
    cast: Cast, who: str, service: str, said: State, state: State, free: int, earned: int
) -> None:
    world = World(cast)
    made = world.past(world.book(), timedelta(minutes=5))
    assert code_of(lambda: world.do(service, who, booking=made)) == "too_early"
    made = world.past(made)
    world.do(service, who, booking=made)
    assert (world.now(made).state, world.left(), world.earned()) == (said, (60, 40), 0)
    third = answer_by(world.now(made))
    assert third == work_calendar().add_working_days(world.now(made).changed_at, CONFIRM_DAYS).at
    services.pass_time(by=system_actor("bookings.test"), at=third - timedelta(minutes=1))
    assert (world.left(), world.earned()) == ((60, 40), 0)
    services.pass_time(by=system_actor("bookings.test"), at=third)
    assert (world.now(made).state, world.left(), world.earned()) == (state, (free, 0), earned)
    holds()


@pytest.mark.parametrize(
    ("who", "service", "other"), [("volunteer", "say_missed", "resident"), ("cadre", "say_not_come", "volunteer")]
)
@pytest.mark.parametrize(
    ("decide", "state", "free", "earned"),
    [("miss", State.MISSED, 60, 40), ("fail", State.NOT_COME, 100, 0), ("confirm", State.CONFIRMED, 60, 40)],
)
def test_what_is_contradicted_is_decided_by_a_person_and_until_then_held(
    cast: Cast, who: str, service: str, other: str, decide: str, state: State, free: int, earned: int
) -> None:
    world = World(cast)
    made = world.past(world.book("resident"))
    world.do(service, who, booking=made)
    for alone in (who, "clerk"):
        for end in ("miss_booking", "fail_booking"):
            assert code_of(lambda alone=alone, end=end: world.do(end, alone, booking=made)), (alone, end)
    assert code_of(lambda: world.do("contradict_booking", other, booking=made, words=" ")) == "reason"
    assert code_of(lambda: world.do("contradict_booking", who, booking=made, words="不对"))
    world.do("contradict_booking", other, booking=made, words="我在家等了一上午")
    row = world.now(made)
    assert (row.state, row.reason, world.left(), world.earned()) == (State.DOUBTED, "我在家等了一上午", (60, 40), 0)
    world.do(f"{decide}_booking", "village_secretary", booking=made)
    assert (world.now(made).state, world.left(), world.earned()) == (state, (free, 0), earned)
    holds()


def test_a_provider_that_did_not_come_may_say_so_at_once(cast: Cast) -> None:
    world = World(cast)
    made = world.past(world.book("resident"))
    world.do("say_not_come", "resident", booking=made)
    world.do("fail_booking", "volunteer", booking=made)
    assert (world.now(made).state, world.left()) == (State.NOT_COME, (100, 0))


def test_who_decides_is_reminded_once_and_has_spoken_for_neither_side(cast: Cast) -> None:
    world, by = World(cast), system_actor("bookings.test")
    made = world.past(world.book("resident"))
    world.do("say_missed", "volunteer", booking=made)
    world.do("contradict_booking", "village_secretary", booking=made, words="老人一直在家")
    assert code_of(lambda: world.do("miss_booking", "village_secretary", booking=made)) == "not_keeper"
    for who, waits in {"village_secretary": False, "clerk": True}.items():
        actor = world.actor(who)
        with acting_as(actor):
            assert visible_bookings(actor).filter(their_turn(actor, clock.now()), pk=made.pk).exists() is waits, who
    fifth = answer_by(world.now(made))
    assert fifth == work_calendar().add_working_days(world.now(made).changed_at, DECIDE_DAYS).at
    for _time in range(2):
        services.pass_time(by=by, at=fifth)
    with cast.everything():
        assert Event.objects.filter(subject=f"booking:{made.pk}", type="bookings.booking.urged").count() == 1
    assert (world.now(made).state, world.left()) == (State.DOUBTED, (60, 40))
    world.do("fail_booking", "clerk", booking=made)
    assert world.left() == (100, 0)


def test_once_the_provider_is_there_the_household_does_not_take_the_points_back_alone(cast: Cast) -> None:
    world = World(cast)
    made = world.past(world.book("resident"))
    world.do("arrive_booking", "volunteer", booking=made)
    for who in ("resident", "cadre", "village_secretary"):
        assert code_of(lambda who=who: world.do("say_not_come", who, booking=made)) == "wrong_state"
        assert code_of(lambda who=who: world.do("fail_booking", who, booking=made)) == "wrong_state"
    assert {Move.FAIL, Move.SAY_NOT_COME}.isdisjoint(
        moves_for(world.actor("resident"), situation(world, made), clock.now())
    )
    world.do("doubt_booking", "resident", booking=made, words="没来过")
    assert (world.now(made).state, world.left()) == (State.DOUBTED, (60, 40))
    world.do("fail_booking", "village_secretary", booking=made)
    assert world.left() == (100, 0)


def test_a_provider_who_was_there_and_says_no_more_is_not_paid(cast: Cast) -> None:
    world = World(cast)
    made = world.past(world.book("resident"))
    world.do("arrive_booking", "volunteer", booking=made)
    silence = work_calendar().add_working_days(clock.now(), SILENT_DAYS).at
    services.pass_time(by=system_actor("bookings.test"), at=silence)
    assert (world.now(made).state, world.left(), world.earned()) == (State.NOT_COME, (100, 0), 0)


def test_where_the_two_sides_differ_a_keeper_decides_who_acts_for_neither(cast: Cast) -> None:
    world = World(cast)
    made = world.past(world.book())
    world.do("finish_booking", "volunteer", booking=made)
    assert code_of(lambda: world.do("doubt_booking", "resident", booking=made, words=" ")) == "reason"
    world.do("doubt_booking", "resident", booking=made, words="只剪了一半")
    assert world.left() == (60, 40)
    for who in ("resident", "cadre", "volunteer"):
        with pytest.raises(Refused):
            world.do("confirm_booking", who, booking=made)
    world.do("fail_booking", "village_secretary", booking=made)
    assert (world.now(made).state, world.left()) == (State.NOT_COME, (100, 0))


def test_nobody_confirms_for_the_household_what_they_did_for_the_provider(cast: Cast) -> None:
    world = World(cast)
    hands = [cast.account(who).pk for who in ("cadre", "volunteer")]
    world.do("change_hands", "clerk", provider=world.provider, hands=hands)
    made = world.past(world.book("village_secretary"))
    world.do("finish_booking", "cadre", booking=made)
    assert code_of(lambda: world.do("confirm_booking", "cadre", booking=made)) == "other_side"
    world.do("change_hands", "clerk", provider=world.provider, hands=hands[1:])
    assert code_of(lambda: world.do("confirm_booking", "cadre", booking=made)) == "other_side"
    world.do("confirm_booking", "village_secretary", booking=made)
    assert world.earned() == 40


def test_who_acts_for_a_provider_books_and_speaks_for_no_household_there(cast: Cast) -> None:
    world = World(cast)
    late = world.past(world.book("resident"), timedelta(hours=-3))
    hands = [cast.account(who).pk for who in ("cadre", "volunteer")]
    world.do("change_hands", "clerk", provider=world.provider, hands=hands)
    assert code_of(world.book) == "own_provider"
    day, whose = clock.local_date(late.begins_at), {"household": world.home.pk, "resident": world.one.pk}
    wait = {"id": new_id(), "what": world.service, "day": day, **whose}
    assert code_of(lambda: world.do("join_waiting", **wait)) == "own_provider"
    # a late cancelling would leave the provider a part
    assert code_of(lambda: world.do("cancel_booking", booking=late)) == "other_side"
    assert (world.left(), world.earned()) == ((60, 40), 0)


@pytest.mark.parametrize("still", [True, False])
@pytest.mark.parametrize("said", ["finish_booking", "say_missed"])
def test_silence_settles_nothing_where_one_person_is_both_sides(cast: Cast, still: bool, said: str) -> None:
    world = World(cast)
    made = world.past(world.book())
    hands = [cast.account(who).pk for who in ("cadre", "volunteer")]
    world.do("change_hands", "clerk", provider=world.provider, hands=hands)
    world.do(said, "cadre" if not still else "volunteer", booking=made)
    if not still:
        world.do("change_hands", "clerk", provider=world.provider, hands=hands[1:])
    settle = "confirm_booking" if said == "finish_booking" else "miss_booking"
    assert code_of(lambda: world.do(settle, "system", booking=made)) == "not_keeper"
    silence = work_calendar().add_working_days(clock.now(), CONFIRM_DAYS).at
    services.pass_time(by=system_actor("bookings.test"), at=silence)
    row = world.now(made)
    assert (row.state, bool(row.reason), world.left(), world.earned()) == (State.DOUBTED, True, (60, 40), 0)
    world.do("confirm_booking", "village_secretary", booking=made)
    assert world.earned() == 40


def test_no_keeper_decides_on_what_they_did_for_the_provider(cast: Cast) -> None:
    world = World(cast)
    made = world.past(world.book("resident"))
    hands = [cast.account("village_secretary").pk]
    world.do("change_hands", "clerk", provider=world.provider, hands=hands)
    world.do("finish_booking", "village_secretary", booking=made)
    world.do("change_hands", "clerk", provider=world.provider, hands=[])
    world.do("doubt_booking", "resident", booking=made, words="没来")
    assert code_of(lambda: world.do("confirm_booking", "village_secretary", booking=made)) == "not_keeper"
    world.do("fail_booking", "clerk", booking=made)
    assert world.left() == (100, 0)


def test_closing_calls_off_what_is_to_come_and_pays_what_was_done(cast: Cast) -> None:
    world = World(cast)
    done = world.past(world.book())
    world.do("finish_booking", "volunteer", booking=done)
    coming = world.book("resident")
    assert world.do("close_provider", "clerk", provider=world.provider, words="老李搬走了") == 1
    assert (world.now(coming).state, world.now(coming).reason) == (State.CALLED_OFF, "老李搬走了")
    assert world.left() == (60, 40)
    world.do("confirm_booking", "resident", booking=done)
    assert (world.left(), world.earned()) == ((60, 0), 40)
    assert code_of(lambda: world.book(begins_at=coming.begins_at)) == "service_ended"


@pytest.mark.parametrize(("days", "sees"), [(13, True), (15, False)])
def test_a_provider_s_hands_see_whom_it_served_for_a_while(cast: Cast, days: int, sees: bool) -> None:
    world = World(cast)
    made, held = world.past(world.book("resident")), world.past(world.book("resident"), timedelta(days=days, hours=1))
    world.do("finish_booking", "volunteer", booking=made)
    world.do("confirm_booking", "resident", booking=made)
    made = world.past(made, timedelta(days=days))
    with cast.everything():
        Booking.objects.filter(pk=made.pk).update(changed_at=made.ends_at)
        Wait.objects.create(id=new_id(), provider=world.provider, service=world.service, area=world.area,
                            household=world.home, resident=world.one, day=clock.local_date(made.begins_at),
                            state=WaitState.OVER, joined_at=clock.now(), changed_at=clock.now())  # fmt: skip
    day = clock.local_date(made.begins_at)
    for who, kept in {"volunteer": sees, "cadre": True, "resident": True, "system": True}.items():
        actor = world.actor(who)
        with acting_as(actor):
            # the wall, what is asked for, and the rule
            assert Booking.objects.filter(pk=made.pk).exists() is kept, who
            assert visible_bookings(actor).filter(pk=made.pk).exists() is kept, who
            assert bool(waits_on(actor, world.provider.pk, day)) is kept, who
            assert visible_bookings(actor).filter(pk=held.pk).exists(), who
        assert bool(may_see(actor, situation(world, made), clock.now())) is kept, who


def test_the_hands_of_a_closed_provider_are_taken_away(cast: Cast) -> None:
    world = World(cast)
    made = world.past(world.book())
    world.do("close_provider", "clerk", provider=world.provider, words="老李搬走了")
    with pytest.raises(Refused):
        world.do("change_hands", "volunteer", provider=world.provider, hands=[])
    world.do("change_hands", "clerk", provider=world.provider, hands=[])
    with acting_as(hand := world.actor("volunteer")):
        assert not visible_bookings(hand).filter(pk=made.pk).exists()
        assert not Booking.objects.filter(pk=made.pk).exists()
    assert code_of(lambda: world.do("end_service", "clerk", what=world.service)) == "provider_closed"


def test_what_is_refused_leaves_time_and_points_as_they_were(cast: Cast) -> None:
    world = World(cast, points=30)
    at = world.tomorrow()
    assert code_of(lambda: world.book("resident")) == "points_insufficient"
    assert (world.left(), at in world.times()) == ((30, 0), True)
    rich = World(cast, points=1000)
    with pytest.raises(Refused):
        rich.book("far_cadre")
    with pytest.raises(Refused):
        rich.book("volunteer")
    for wrong in (at + timedelta(minutes=5), at - timedelta(days=7), at + timedelta(days=60)):
        assert code_of(lambda wrong=wrong: rich.book(begins_at=wrong)) == "time_taken"
    for _time in range(4):
        rich.book()
    assert code_of(rich.book) == "too_many_open"
    assert Booking.objects.count() == 0  # nobody's eyes
    assert rich.left() == (840, 160)


def test_the_same_form_twice_is_one_booking(cast: Cast) -> None:
    world = World(cast)
    given = {"id": new_id(), "begins_at": world.tomorrow()}
    assert world.book("resident", **given).pk == world.book("resident", **given).pk
    assert world.left() == (60, 40)


def test_hours_are_kept_by_who_acts_for_the_provider_and_a_day_away_has_no_times(cast: Cast) -> None:
    world = World(cast)
    day = clock.local_date(world.tomorrow())
    away = world.do("add_hours", "volunteer", id=new_id(), provider=world.provider, kind=HoursKind.AWAY, day=day)
    assert day not in {clock.local_date(one) for one in world.times()}
    world.do("end_hours", "volunteer", hours=away)
    assert day in {clock.local_date(one) for one in world.times()}
    with pytest.raises(Refused):
        world.do("end_hours", "cadre", hours=away)
    with pytest.raises(Invalid):
        world.do("add_hours", "clerk", id=new_id(), provider=world.provider, kind=HoursKind.SINGLE, day=day)


def test_times_follow_one_another_and_begin_anew_after_what_is_booked() -> None:
    nine = clock.now().replace(hour=1, minute=0, second=0, microsecond=0)
    minutes = [nine + timedelta(minutes=one) for one in range(0, 121, 10)]
    found = free_starts([(minutes[0], minutes[12])], [(minutes[4], minutes[6])], timedelta(minutes=30), minutes[1])
    assert found == [minutes[6], minutes[9]]
    assert (returned(40, 100), returned(41, 50), returned(3, 0)) == (40, 21, 0)
