"""Two at the same times and bookings, in both orders."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import transaction

from minqing.bookings import services
from minqing.bookings.enums import HoursKind, State, WaitState
from minqing.bookings.models import Booking, Hand, Hours, Provider, Service, Wait
from minqing.bookings.services import upkeep
from minqing.core import clock
from minqing.core.ids import new_id
from minqing.org.queries import system_actor
from tests.bookings.world import World
from tests.pairs import Pair, Refusal, Scenes, Stage, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


def world(stage: Stage, **given: Any) -> World:
    with transaction.atomic():
        return World(stage.cast, **given)


def booked(stage: Stage, one: World, ago: timedelta | None = None, **given: Any) -> Booking:
    with transaction.atomic():
        made = one.book(**given)
        return one.past(made, ago) if ago else made


def refusals(ends: Any) -> list[str]:
    return [one.code for one in ends if isinstance(one, Refusal)]


def states(*rows: Booking) -> list[str]:
    return [Booking.objects.get(pk=row.pk).state for row in rows]


@SCENES.of(services.book)
def two_want_the_same_time(stage: Stage) -> Pair:
    one = world(stage)
    with transaction.atomic():
        (home, person, payer), at = one.somebody("施小妹"), one.tomorrow()
    whose = [(one.home.pk, one.one.pk), (home.pk, person.pk)]

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["time_taken"]
        assert Booking.objects.filter(provider=one.provider, begins_at=at).count() == 1
        assert sorted([one.left(), one.left(payer)]) == [(60, 40), (100, 0)]

    calls = [
        stage.call("cadre", services.book, id=new_id(), what=one.service, household=home, resident=who, begins_at=at)
        for home, who in whose
    ]
    return Pair(*calls, look)


@SCENES.of(services.close_provider, services.book)
def a_provider_is_closed_while_somebody_books(stage: Stage) -> Pair:
    one = world(stage)
    with transaction.atomic():
        at = one.tomorrow()

    def look(*ends: Any) -> None:
        assert refusals(ends) in ([], ["service_ended"])
        assert not Booking.objects.filter(provider=one.provider, state=State.BOOKED).exists()
        assert one.left() == (100, 0)

    whose = {"household": one.home.pk, "resident": one.one.pk}
    return Pair(
        stage.call("clerk", services.close_provider, provider=one.provider, words="搬走了"),
        stage.call("cadre", services.book, id=new_id(), what=one.service, begins_at=at, **whose),
        look,
    )


@SCENES.of(services.change_hands, services.book)
def somebody_books_while_they_are_made_a_hand_of_the_provider(stage: Stage) -> Pair:
    one = world(stage)
    with transaction.atomic():
        at, hand = one.tomorrow(), stage.cast.account("cadre").pk
    whose = {"household": one.home.pk, "resident": one.one.pk}

    def look(*ends: Any) -> None:
        made = Booking.objects.filter(provider=one.provider).count()
        assert (refusals(ends), made) in (([], 1), (["own_provider"], 0))
        assert one.left() == (100 - 40 * made, 40 * made)

    return Pair(
        stage.call("clerk", services.change_hands, provider=one.provider, hands=[hand]),
        stage.call("cadre", services.book, id=new_id(), what=one.service, begins_at=at, **whose),
        look,
    )


@SCENES.of(services.cancel_booking, services.call_off_booking)
def both_sides_call_it_off(stage: Stage) -> Pair:
    one = world(stage)
    made = booked(stage, one)

    def look(*ends: Any) -> None:
        assert (refusals(ends), one.left()) == (["wrong_state"], (100, 0))

    return Pair(
        stage.call("cadre", services.cancel_booking, booking=made),
        stage.call("volunteer", services.call_off_booking, booking=made, words="发烧"),
        look,
    )


@SCENES.of(services.arrive_booking, services.finish_booking)
def there_and_done_at_once(stage: Stage) -> Pair:
    one = world(stage)
    made = booked(stage, one, timedelta(hours=1))

    def look(*_ends: Any) -> None:
        assert states(made) == [State.DONE]

    return Pair(
        stage.call("volunteer", services.arrive_booking, booking=made),
        stage.call("volunteer", services.finish_booking, booking=made),
        look,
    )


@SCENES.of(services.confirm_booking, services.doubt_booking)
def one_confirms_and_one_doubts(stage: Stage) -> Pair:
    one = world(stage)
    made = booked(stage, one, timedelta(hours=1))
    stage.done("volunteer", services.finish_booking, booking=made)

    def look(*ends: Any) -> None:
        found = (states(made)[0], refusals(ends), one.left(), one.earned())
        assert found in (
            (State.CONFIRMED, ["wrong_state"], (60, 0), 40),
            (State.DOUBTED, ["not_keeper"], (60, 40), 0),
        )

    return Pair(
        stage.call("cadre", services.confirm_booking, booking=made),
        stage.call("village_secretary", services.doubt_booking, booking=made, words="没修好"),
        look,
    )


@SCENES.of(services.say_missed, services.say_not_come)
def each_says_that_the_other_was_not_there(stage: Stage) -> Pair:
    one = world(stage)
    made = booked(stage, one, timedelta(hours=1))

    def look(*ends: Any) -> None:
        assert (refusals(ends), one.left()) == (["wrong_state"], (60, 40))

    return Pair(
        stage.call("volunteer", services.say_missed, booking=made),
        stage.call("cadre", services.say_not_come, booking=made),
        look,
    )


@SCENES.of(services.contradict_booking, services.miss_booking)
def silence_ends_while_the_household_contradicts(stage: Stage) -> Pair:
    one = world(stage)
    made = booked(stage, one, timedelta(hours=1))
    said = stage.done("volunteer", services.say_missed, booking=made)

    def look(*ends: Any) -> None:
        assert (states(made)[0], refusals(ends), one.left(), one.earned()) in (
            (State.MISSED, ["wrong_state"], (60, 0), 40),
            # what was said after all is no silence
            (State.DOUBTED, ["not_keeper"], (60, 40), 0),
        )

    return Pair(
        stage.call("cadre", services.contradict_booking, booking=made, words="在家"),
        stage.call("system", upkeep.settle_silence, booking=said, at=clock.now()),
        look,
    )


@SCENES.of(services.contradict_booking, services.fail_booking)
def two_of_the_provider_contradict_and_own_up(stage: Stage) -> Pair:
    one = world(stage)
    made = booked(stage, one, timedelta(hours=1))
    stage.done("cadre", services.say_not_come, booking=made)

    def look(*ends: Any) -> None:
        assert (states(made)[0], len(refusals(ends)), one.left()) in (
            (State.NOT_COME, 1, (100, 0)),
            (State.DOUBTED, 1, (60, 40)),
        )

    return Pair(
        stage.call("volunteer", services.contradict_booking, booking=made, words="去了没人"),
        stage.call("volunteer", services.fail_booking, booking=made),
        look,
    )


@SCENES.of(services.miss_booking, services.fail_booking)
def two_keepers_decide_two_ways(stage: Stage) -> Pair:
    one = world(stage)
    made = booked(stage, one, timedelta(hours=1))
    stage.done("volunteer", services.say_missed, booking=made)
    stage.done("cadre", services.contradict_booking, booking=made, words="在家")

    def look(*ends: Any) -> None:
        assert (states(made)[0], refusals(ends), one.left(), one.earned()) in (
            (State.MISSED, ["wrong_state"], (60, 0), 40),
            (State.NOT_COME, ["wrong_state"], (100, 0), 0),
        )

    return Pair(
        stage.call("clerk", services.miss_booking, booking=made),
        stage.call("village_secretary", services.fail_booking, booking=made),
        look,
    )


@SCENES.of(services.arrive_booking, services.say_not_come)
def one_is_there_while_the_household_says_that_nobody_came(stage: Stage) -> Pair:
    one = world(stage)
    made = booked(stage, one, timedelta(hours=1))

    def look(*ends: Any) -> None:
        assert (states(made)[0], refusals(ends), one.left()) in (
            (State.ARRIVED, ["wrong_state"], (60, 40)),
            (State.FAIL_SAID, ["wrong_state"], (60, 40)),
        )

    return Pair(
        stage.call("volunteer", services.arrive_booking, booking=made),
        stage.call("cadre", services.say_not_come, booking=made),
        look,
    )


@SCENES.of(services.give_back_points)
def two_give_the_points_back(stage: Stage) -> Pair:
    one = world(stage)
    made = booked(stage, one, timedelta(hours=-3))
    stage.done("cadre", services.cancel_booking, booking=made)

    def look(*ends: Any) -> None:
        assert (refusals(ends), one.left(), one.earned()) == (["wrong_state"], (100, 0), 0)

    calls = [
        stage.call(who, services.give_back_points, booking=made, words="住院") for who in ("clerk", "village_secretary")
    ]
    return Pair(*calls, look)


@SCENES.of(services.rate_booking)
def two_say_how_it_was(stage: Stage) -> Pair:
    one = world(stage)
    made = booked(stage, one, timedelta(hours=1))
    stage.done("volunteer", services.finish_booking, booking=made)

    def look(*_ends: Any) -> None:
        row = Booking.objects.get(pk=made.pk)
        assert (row.satisfied, row.said) in ((True, "好"), (False, "不好"))

    return Pair(
        stage.call("cadre", services.rate_booking, booking=made, satisfied=True, words="好"),
        stage.call("village_secretary", services.rate_booking, booking=made, satisfied=False, words="不好"),
        look,
        alike=True,
    )


def offered(stage: Stage, one: World) -> Booking:
    """Somebody waits for a full day, and one of its times has become free."""
    with transaction.atomic():
        day = clock.local_date(one.tomorrow())
        taken = []
        for number, at in enumerate([at for at in one.times() if clock.local_date(at) == day]):
            home, person, _payer = one.somebody(f"何{number}", 40)
            taken.append(one.book(household=home.pk, resident=person.pk, begins_at=at))
        one.do("join_waiting", id=new_id(), what=one.service, household=one.home.pk, resident=one.one.pk, day=day)
        one.do("cancel_booking", booking=taken[0])
        with stage.cast.everything():
            return Booking.objects.get(provider=one.provider, state=State.OFFERED)


@SCENES.of(services.accept_booking, services.decline_booking)
def an_offer_is_taken_and_not(stage: Stage) -> Pair:
    one = world(stage)
    made = offered(stage, one)

    def look(*ends: Any) -> None:
        assert (refusals(ends), states(made)[0]) in (
            (["wrong_state"], State.BOOKED),
            (["wrong_state"], State.LAPSED),
        )

    return Pair(
        stage.call("cadre", services.accept_booking, booking=made),
        stage.call("village_secretary", services.decline_booking, booking=made),
        look,
    )


@SCENES.of(services.join_waiting)
def two_forms_for_one_who_waits(stage: Stage) -> Pair:
    one = world(stage)
    made = offered(stage, one)
    with transaction.atomic():
        home, person, _payer = one.somebody("施小妹")
    given = {"what": one.service, "household": home.pk, "resident": person.pk}
    day = clock.local_date(made.begins_at)

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["waits_already"]
        assert Wait.objects.filter(resident=person).count() == 1

    calls = [stage.call("cadre", services.join_waiting, id=new_id(), day=day, **given) for _time in range(2)]
    return Pair(*calls, look)


@SCENES.of(services.book)
def the_fourth_at_two_providers(stage: Stage) -> Pair:
    one, other = world(stage, points=1000), world(stage)
    for _time in range(3):
        booked(stage, one)

    def look(*ends: Any) -> None:
        assert refusals(ends) == ["too_many_open"], ends
        assert Booking.objects.filter(household=one.home).count() == 4

    with transaction.atomic():
        times = [(at.service, at.tomorrow()) for at in (one, other)]
    whose = {"household": one.home.pk, "resident": one.one.pk}
    calls = [
        stage.call("cadre", services.book, id=new_id(), what=service, begins_at=begins_at, **whose)
        for service, begins_at in times
    ]
    return Pair(*calls, look)


@SCENES.of(services.follow_bookings, services.cancel_booking)
def cancelled_while_its_person_moves(stage: Stage) -> Pair:
    one = world(stage)
    made = booked(stage, one)

    def move() -> None:
        there = stage.cast.household(stage.cast.own)
        type(one.one).objects.filter(pk=one.one.pk).update(household=there)

    stage.given(move)

    def look(*ends: Any) -> None:
        assert refusals(ends) == [], ends
        assert (states(made), one.left()) == ([State.CANCELLED], (100, 0))
        assert Booking.objects.get(pk=made.pk).household_id != one.home.pk

    calls = [
        stage.call("system", services.follow_bookings, resident=one.one.pk),
        stage.call("cadre", services.cancel_booking, booking=made),
    ]
    return Pair(*calls, look)


@SCENES.of(services.follow_home, services.cancel_booking)
def cancelled_while_its_household_moves(stage: Stage) -> Pair:
    one = world(stage)
    made = booked(stage, one)
    stage.given(lambda: type(one.home).objects.filter(pk=one.home.pk).update(area=stage.cast.other))

    def look(*ends: Any) -> None:
        assert refusals(ends) == [], ends
        assert (states(made), one.left()) == ([State.CANCELLED], (100, 0))
        assert Booking.objects.get(pk=made.pk).area_id == stage.cast.other.pk

    calls = [
        stage.call("system", services.follow_home, household=one.home.pk),
        stage.call("clerk", services.cancel_booking, booking=made),
    ]
    return Pair(*calls, look)


@SCENES.of(services.leave_waiting)
def the_same_wait_left_twice(stage: Stage) -> Pair:
    one = world(stage)
    made = offered(stage, one)
    with transaction.atomic():
        home, person, _payer = one.somebody("施小妹")
    day, whose = clock.local_date(made.begins_at), {"household": home.pk, "resident": person.pk}
    row = stage.done("cadre", services.join_waiting, id=new_id(), what=one.service, day=day, **whose)

    def look(*ends: Any) -> None:
        assert refusals(ends) == []
        assert Wait.objects.get(pk=row.pk).state == WaitState.LEFT

    calls = [stage.call(who, services.leave_waiting, wait=row) for who in ("cadre", "village_secretary")]
    return Pair(*calls, look)


@SCENES.of(services.pass_time, upkeep.remind, upkeep.renew_hold, upkeep.urge, jobs=("bookings.pass_time",))
def time_passes_twice(stage: Stage) -> Pair:
    one = world(stage)
    silent = booked(stage, one, timedelta(days=30))
    soon = booked(stage, one)
    later = soon.begins_at - timedelta(hours=2)

    def look(*_ends: Any) -> None:
        assert states(silent) == [State.NOT_COME]
        assert Booking.objects.get(pk=soon.pk).reminded_at == later

    def work() -> int:
        return services.pass_time(by=system_actor("bookings.test"), at=later)

    return Pair(work, work, look)


@SCENES.of(upkeep.settle_silence, services.confirm_booking)
def silence_ends_where_one_is_both_sides_while_another_confirms(stage: Stage) -> Pair:
    one = world(stage)
    made = booked(stage, one, timedelta(hours=1))
    hands = [stage.cast.account(who).pk for who in ("cadre", "volunteer")]
    stage.done("clerk", services.change_hands, provider=one.provider, hands=hands)
    stage.done("volunteer", services.finish_booking, booking=made)

    def look(*ends: Any) -> None:
        assert refusals(ends) in ([], ["wrong_state"])
        assert (states(made), one.left(), one.earned()) == ([State.CONFIRMED], (60, 0), 40)

    return Pair(
        stage.call("system", upkeep.settle_silence, booking=made, at=clock.now()),
        stage.call("village_secretary", services.confirm_booking, booking=made),
        look,
    )


@SCENES.of(upkeep.settle_silence, services.doubt_booking)
def silence_ends_while_the_household_says_that_it_was_not_done(stage: Stage) -> Pair:
    one = world(stage)
    made = booked(stage, one, timedelta(hours=1))
    done = stage.done("volunteer", services.finish_booking, booking=made)

    def look(*ends: Any) -> None:
        assert (states(made)[0], len(refusals(ends)), one.left(), one.earned()) in (
            (State.CONFIRMED, 1, (60, 0), 40),
            (State.DOUBTED, 1, (60, 40), 0),
        )

    return Pair(
        stage.call("system", upkeep.settle_silence, booking=done, at=clock.now()),
        stage.call("cadre", services.doubt_booking, booking=made, words="没做完"),
        look,
    )


@SCENES.of(services.open_provider)
def the_same_provider_added_twice(stage: Stage) -> Pair:
    given = {"id": new_id(), "area_id": stage.cast.own.pk, "name": "老李理发", "serves": [], "hands": []}
    call = stage.call("clerk", services.open_provider, **given)

    def look(*_ends: Any) -> None:
        assert Provider.objects.filter(form=given["id"]).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.change_hands)
def two_say_who_acts_for_a_provider(stage: Stage) -> Pair:
    one = world(stage)
    people = [stage.cast.account(who).pk for who in ("cadre", "clerk")]

    def look(*_ends: Any) -> None:
        assert Hand.objects.filter(provider=one.provider).count() == 1

    calls = [stage.call("clerk", services.change_hands, provider=one.provider, hands=[person]) for person in people]
    return Pair(*calls, look, alike=True)


@SCENES.of(services.change_hands, services.close_provider)
def a_provider_is_closed_while_its_hands_change(stage: Stage) -> Pair:
    one = world(stage)

    def look(*ends: Any) -> None:
        assert refusals(ends) == []
        assert Provider.objects.get(pk=one.provider.pk).closed_at is not None
        assert not Hand.objects.filter(provider=one.provider).exists()

    return Pair(
        stage.call("clerk", services.change_hands, provider=one.provider, hands=[]),
        stage.call("village_secretary", services.close_provider, provider=one.provider, words="搬走了"),
        look,
    )


@SCENES.of(services.add_service)
def the_same_service_added_twice(stage: Stage) -> Pair:
    one, id = world(stage), new_id()
    call = stage.call("clerk", services.add_service, id=id, provider=one.provider, name="刮脸", price=10, minutes=15)

    def look(*_ends: Any) -> None:
        assert Service.objects.filter(pk=id).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.end_service)
def a_service_ended_twice(stage: Stage) -> Pair:
    one = world(stage)

    def look(*_ends: Any) -> None:
        assert Service.objects.get(pk=one.service.pk).ended_at is not None

    calls = [stage.call(who, services.end_service, what=one.service) for who in ("clerk", "village_secretary")]
    return Pair(*calls, look)


@SCENES.of(services.add_hours, services.end_hours)
def hours_come_and_go(stage: Stage) -> Pair:
    one, id = world(stage), new_id()
    row = stage.given(lambda: Hours.objects.filter(provider=one.provider).select_related("provider").first())
    given = {"kind": HoursKind.WEEKLY, "weekday": 3, "begins": time(14), "ends": time(16)}

    def look(*ends: Any) -> None:
        assert refusals(ends) == []
        assert Hours.objects.filter(provider=one.provider, ended_at=None).count() == 7

    return Pair(
        stage.call("volunteer", services.add_hours, id=id, provider=one.provider, **given),
        stage.call("clerk", services.end_hours, hours=row),
        look,
    )


@SCENES.of(services.load_terms)
def the_terms_are_loaded_twice(stage: Stage) -> Pair:
    call = stage.call("system", services.load_terms)

    def look(*ends: Any) -> None:
        assert list(ends) == [0, 0]

    return Pair(call, call, look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
