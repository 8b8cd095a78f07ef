"""The way through the browser: a provider is added, a resident books, the provider's day, both sides speak."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from minqing.bookings.enums import Move, State, WaitState
from minqing.bookings.forms.bookings import written
from minqing.bookings.listeners import household_moved, resident_moved
from minqing.bookings.lists import found_for
from minqing.bookings.models import Booking, Provider, Wait
from minqing.bookings.queries import NUMBERED, of_household
from minqing.core import clock
from minqing.core.ids import new_id
from minqing.households.services import move_resident, save_household
from minqing.journal.models import Event
from minqing.journal.subscriptions import subscriptions
from minqing.privacy.access import acting_as
from tests.bookings.world import PHONE, World
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def at_door(world: World) -> tuple[Client, str]:
    """A phone that is known at the door, and the door's token."""
    token, client = world.cast.code(world.home), Client()
    assert client.post(reverse("doorstep:who", args=[token]), {"proof": PHONE[-4:]}).status_code == 302
    return client, token


def press(client: Client, page: str, move: str, **data: str) -> Any:
    """Press the button of that move, which must be on the page."""
    (form,) = [one.form for one in client.get(page).context["offers"] if one.verb == move]
    return client.post(page + move if page.endswith("/") else f"{page}/{move}", {"seen": form.token} | data)


def test_in_three_taps_a_time_is_booked_and_stands_in_the_own_bookings(cast: Cast) -> None:
    world = World(cast)
    client, token = at_door(world)
    own = reverse("bookings:own", args=[token])
    assert own in client.get(reverse("points:own", args=[token])).content.decode()
    times = reverse("bookings:times", args=[token, world.service.pk])
    assert times in client.get(own).content.decode()
    at = written(world.tomorrow())
    assert f"?at={at}" in client.get(times).content.decode()
    form = client.get(times, {"at": at}).context["form"]
    data = {"request_id": str(form["request_id"].value()), "begins": str(form["begins"].value())}
    answer = client.post(times, data)
    assert answer.status_code == 302
    assert client.post(times, data).headers["Location"] == answer.headers["Location"]
    assert client.post(times, data | {"request_id": str(new_id())}).status_code == 422
    page = client.get(answer.headers["Location"])
    assert (page.context["row"].state, world.left()) == (State.BOOKED, (60, 40))
    assert press(client, answer.headers["Location"], "cancel").status_code == 302
    assert (world.left(), "上门理发" in client.get(own).content.decode()) == ((100, 0), True)


def test_no_address_makes_a_move_that_nobody_is_offered(cast: Cast) -> None:
    world = World(cast)
    made = world.book("resident")
    client, token = at_door(world)
    own = reverse("bookings:own_booking", args=[token, made.pk])
    hand, page = cast.client("volunteer"), reverse("bookings:detail", args=[made.pk])
    for at, door in ((hand, page), (client, own)):
        answers = {one.value: at.post(f"{door}/{one.value}", {"seen": ""}).status_code for one in (*Move, State.BOOKED)}
        assert {answers[one] for one in (Move.BOOK, Move.OFFER, State.BOOKED)} == {404}
        assert max(answers.values()) < 500


def test_who_lost_the_answer_and_cancels_once_more_is_led_on_as_before(cast: Cast) -> None:
    world = World(cast)
    made = world.book("resident")
    client, token = at_door(world)
    own = reverse("bookings:own_booking", args=[token, made.pk])
    (form,) = [one.form for one in client.get(own).context["offers"] if one.verb == Move.CANCEL]
    sent = {"seen": form.token, "request_id": str(form["request_id"].value())}
    assert [client.post(f"{own}/cancel", sent).headers["Location"] for _time in range(2)] == [own, own]
    assert world.left() == (100, 0)


def test_what_has_begun_is_not_offered_to_be_cancelled(cast: Cast) -> None:
    world = World(cast)
    made = world.past(world.book("resident"), timedelta(hours=-3))
    client, token = at_door(world)
    own, told = reverse("bookings:own_booking", args=[token, made.pk]), "现在取消"
    assert told in client.get(own).content.decode()
    seen = client.get(own).context["offers"][0].form.token
    world.past(made, timedelta(minutes=1))
    page = client.get(own)
    assert ([one.verb for one in page.context["offers"]], told in page.content.decode()) == ([], False)
    assert client.post(f"{own}/cancel", {"seen": seen}).status_code == 403
    assert world.left() == (60, 40)


def test_the_provider_s_day_and_what_both_sides_say(cast: Cast) -> None:
    world = World(cast)
    made = world.past(world.book("resident"), timedelta(minutes=20))
    hand, page = cast.client("volunteer"), reverse("bookings:detail", args=[made.pk])
    # minutes after midnight it was yesterday's, and perhaps last month's
    then = clock.local_date(made.begins_at)
    day = hand.get(reverse("bookings:day", args=[world.provider.pk]), {"day": then.isoformat()}).content.decode()
    assert "何桂香" in day
    assert PHONE in day
    with cast.everything():
        assert Event.objects.filter(type="bookings.day.looked_at", subject=f"provider:{world.provider.pk}").count() == 1
    for move in ("arrive", "finish"):
        assert press(hand, page, move).status_code == 302
    client, token = at_door(world)
    own = reverse("bookings:own_booking", args=[token, made.pk])
    # somebody of the staff has changed it since the page was drawn: who, nobody is told at a door
    old = client.get(own).context["offers"][0]
    with cast.everything():
        Booking.objects.filter(pk=made.pk).update(changed_at=clock.now())
    stale = client.post(f"{own}/{old.verb}", {"seen": old.form.token})
    assert stale.status_code == 409
    assert cast.account("volunteer").name not in stale.content.decode()
    assert press(client, own, "confirm").status_code == 302
    rate = client.get(own).context["rate"]
    data = {"seen": rate.token, "satisfied": "yes", "words": "剪得好"}
    assert client.post(f"{own}/rate", data).status_code == 302
    assert "剪得好" in hand.get(page).content.decode()
    months = cast.client("clerk").get(reverse("bookings:earned", args=[world.provider.pk])).context["months"]
    assert months == [(then.replace(day=1), 40)]
    assert "何桂香" in cast.client("clerk").get(reverse("bookings:list")).content.decode()
    assert "何桂香" not in cast.client("far_clerk").get(reverse("bookings:list")).content.decode()


def test_a_provider_is_added_planned_and_closed_with_words_for_what_is_booked(cast: Cast) -> None:
    clerk, page = cast.client("clerk"), reverse("bookings:open_provider")
    form = clerk.get(page).context["form"]
    data = {"request_id": str(form["request_id"].value()), "area": cast.own.pk, "name": "家电维修队",
            "serves": [cast.own.pk, cast.other.pk], "hands": [str(cast.account("volunteer").pk)]}  # fmt: skip
    assert clerk.post(page, data | {"name": ""}).status_code == 422
    assert clerk.post(page, data).status_code == 302
    with cast.everything():
        row = Provider.objects.get(name="家电维修队")
    one = reverse("bookings:provider", args=[row.pk])
    given = {"request_id": str(new_id()), "name": "修电器", "price": "60", "minutes": "45"}
    assert clerk.post(reverse("bookings:add_service", args=[row.pk]), given | {"price": "0"}).status_code == 422
    assert clerk.post(reverse("bookings:add_service", args=[row.pk]), given).headers["Location"] == one
    hours = {"request_id": str(new_id()), "kind": "weekly", "weekday": "2", "begins": "14:00", "ends": "13:00"}
    hand, there = cast.client("volunteer"), reverse("bookings:add_hours", args=[row.pk])
    assert hand.post(there, hours).status_code == 422
    assert hand.post(there, hours | {"ends": "17:00"}).status_code == 302
    world = World(cast)
    world.book()
    told = clerk.get(reverse("bookings:provider", args=[world.provider.pk]))
    assert told.context["coming"] == 1
    close = {"seen": told.context["forms"]["close"].token, "words": "老李搬走了"}
    assert clerk.post(reverse("bookings:close", args=[world.provider.pk]), close).status_code == 302
    forms = clerk.get(reverse("bookings:provider", args=[world.provider.pk])).context["forms"]
    assert [name for name, one in forms.items() if one] == ["hands"]
    there = reverse("bookings:hands", args=[world.provider.pk])
    assert clerk.post(there, {"seen": forms["hands"].token}).status_code == 302
    assert cast.client("volunteer").get(reverse("bookings:day", args=[world.provider.pk])).status_code == 404
    with cast.everything():
        assert Booking.objects.get().state == State.CALLED_OFF
    assert world.left() == (100, 0)


def test_a_cadre_books_for_somebody_without_a_phone(cast: Cast) -> None:
    world = World(cast)
    cadre, page = cast.client("cadre"), reverse("bookings:new")
    assert "何桂香" in cadre.get(page, {"text": "何桂香"}).content.decode()
    what = cadre.get(page, {"household": str(world.home.pk)}).content.decode()
    assert str(world.service.pk) in what
    there = f"{page}?household={world.home.pk}&service={world.service.pk}"
    form = cadre.get(there).context["form"]
    data = {"request_id": str(form["request_id"].value()), "resident": str(world.one.pk)}
    assert cadre.post(there, data | {"begins": "soon"}).status_code == 422
    answer = cadre.post(there, data | {"begins": written(world.tomorrow())})
    assert answer.status_code == 302
    assert "王建国" in cadre.get(answer.headers["Location"]).content.decode()
    assert cast.client("far_cadre").get(there).status_code == 404


def test_who_acts_for_a_provider_is_not_offered_to_book_there(cast: Cast) -> None:
    world, page = World(cast), reverse("bookings:new")
    what, there = f"{page}?household={world.home.pk}", f"{page}?household={world.home.pk}&service={world.service.pk}"
    hands = [cast.account("cadre").pk]
    world.do("change_hands", "clerk", provider=world.provider, hands=hands)
    cadre = cast.client("cadre")
    answer = cadre.get(what)
    assert (answer.context["services"], answer.context["acts"]) == ([], True)
    assert cadre.get(there).status_code == 403
    assert cast.client("village_secretary").get(what).context["services"] == [world.service]


def test_who_moves_to_another_household_finds_their_booking_at_the_door_there_and_cancels_it(cast: Cast) -> None:
    world = World(cast)
    made, there = world.book(), cast.household(cast.other, address="新屋 9 号")
    with cast.everything() as by:
        move_resident(resident_id=world.one.pk, household_id=there.pk, by=by)
        event = Event.objects.get(type="households.resident.moved")
    for _time in range(2):
        resident_moved(event)
    assert (world.now(made).area_id, world.now(made).address) == (cast.other.pk, "新屋 9 号")
    assert "bookings-follow-residents" in {one.name for one in subscriptions()}
    with cast.everything():
        assert Event.objects.filter(type="bookings.person.followed").count() == 1
    world.home = there
    client, token = at_door(world)
    own = reverse("bookings:own_booking", args=[token, made.pk])
    assert press(client, own, "cancel").status_code == 302
    assert (world.now(made).state, world.left()) == (State.CANCELLED, (100, 0))


def test_bookings_of_a_household_that_moves_are_seen_where_it_lives_now_with_the_new_address(cast: Cast) -> None:
    world = World(cast)
    made, later = world.book(), clock.today() + timedelta(days=3)
    with cast.everything():
        wait = Wait.objects.create(
            id=new_id(), provider=world.provider, service=world.service, area=cast.own, household=world.home,
            resident=world.one, day=later, state=WaitState.WAITING, joined_at=clock.now(), changed_at=clock.now(),
        )  # fmt: skip
    with cast.everything() as by:
        # as counties write them: their own numbers have no small letters
        world.home.number = world.home.number.upper()
        world.home.save()
        save_household(number=world.home.number, area_id=cast.other.pk, address="新屋 9 号", by=by)
        event = Event.objects.get(type="households.household.updated")
    for _time in range(2):
        household_moved(event)
    assert (world.now(made).area_id, world.now(made).address) == (cast.other.pk, "新屋 9 号")
    assert "bookings-follow-households" in {one.name for one in subscriptions()}
    with cast.everything():
        assert Wait.objects.get(pk=wait.pk).area_id == cast.other.pk
        assert Event.objects.filter(type="bookings.household.followed").count() == 1
    with acting_as(actor := cast.actor("other_cadre")):
        assert of_household(actor, world.home.pk, most=5)


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-31T23:59", "1849-12-31T08:00", "2200-01-01T00:00", "soon"])
def test_a_time_beyond_all_years_is_no_time(cast: Cast, at: str) -> None:
    world = World(cast)
    client, token = at_door(world)
    times = reverse("bookings:times", args=[token, world.service.pk])
    assert client.get(times, {"at": at}).context["chosen"] is None
    assert client.post(times, {"request_id": str(new_id()), "begins": at}).status_code == 422
    assert client.post(times, {"request_id": str(new_id()), "day": at[:10]}).status_code == 422


def test_nobody_opens_another_s_booking_at_a_door(cast: Cast) -> None:
    world = World(cast)
    client, token = at_door(world)
    home, one, _payer = world.somebody("施小妹")
    others = world.book(household=home.pk, resident=one.pk)
    page = reverse("bookings:own_booking", args=[token, others.pk])
    assert client.get(page).status_code == 404
    assert client.post(f"{page}/cancel", {}).status_code == 404
    assert Client().get(page).status_code == 302


def test_the_list_takes_as_many_queries_with_three_rows_as_with_one(cast: Cast, django_assert_num_queries: Any) -> None:
    world, client, page = World(cast, points=400), cast.client("clerk"), reverse("bookings:list")
    for _time in range(2):
        world.book()
        client.get(page)
        with django_assert_num_queries(9):
            client.get(page)
        world.book()


def test_a_number_is_found_however_it_is_typed(cast: Cast) -> None:
    row = World(cast).book()
    wide = row.number.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    forms = (row.number, row.number.lower(), f" {row.number} ", row.number.replace("-", "—"), wide)
    with acting_as(by := cast.actor("clerk")):
        found = {typed: ([one.pk for one in found_for(by, typed, None)], NUMBERED.found(by, typed)) for typed in forms}
    assert found == dict.fromkeys(forms, ([row.pk], str(row.pk)))


def test_a_page_says_whose_side_cancels_and_what_it_does_with_the_points(cast: Cast) -> None:
    world = World(cast)
    made = world.book("resident")
    page = reverse("bookings:detail", args=[made.pk])
    offers = {one.verb: one for one in cast.client("village_secretary").get(page).context["offers"]}
    told = {verb: (str(offers[verb].label), str(offers[verb].note)) for verb in ("cancel", "call_off")}
    assert told == {
        "cancel": ("住户取消预约", "40 枚香榧币全部退回。"),
        "call_off": ("服务方取消", "40 枚香榧币全部退回。"),
    }
    world.past(made, timedelta(hours=-1))
    offers = {one.verb: one for one in cast.client("village_secretary").get(page).context["offers"]}
    assert str(offers["cancel"].note) == "40 枚香榧币退回 20 枚。"


def test_the_telephone_is_whole_for_who_asks_for_it_and_the_journal_says_so(cast: Cast) -> None:
    world = World(cast)
    page, client = reverse("bookings:detail", args=[world.book("resident").pk]), cast.client("village_secretary")
    assert PHONE not in client.get(page).content.decode()
    assert PHONE in client.get(page, {"phone": "show"}).content.decode()
    with cast.everything():
        looks = Event.objects.filter(type="bookings.booking.looked_at")
        assert [one.data["phone"] for one in looks.order_by("at")] == [False, True]


def test_where_the_two_differ_both_are_quoted_and_no_side_stands_out(cast: Cast) -> None:
    world = World(cast)
    made = world.past(world.book("resident"), timedelta(minutes=20))
    page, hand = reverse("bookings:detail", args=[made.pk]), cast.client("volunteer")
    for move in ("arrive", "finish"):
        press(hand, page, move)
    client, token = at_door(world)
    press(client, reverse("bookings:own_booking", args=[token, made.pk]), "doubt", words="没做完就走了")
    answer = cast.client("village_secretary").get(page)
    notes = {one.verb: str(one.note) for one in answer.context["offers"]}
    assert notes["confirm"] == "服务方得到 40 枚香榧币。"
    assert notes["fail"] == "40 枚香榧币全部退回。"
    shown = answer.content.decode().partition("谁说得对？")[2]
    assert "没做完就走了" in shown
    assert "btn-primary" not in shown


@pytest.mark.parametrize(
    ("who", "claim", "other", "order"),
    [
        ("volunteer", "say_missed", "cadre", ("老李理发", "服务方说家里没人", "何桂香", "我在家等了一上午")),
        ("cadre", "say_not_come", "volunteer", ("何桂香", "住户说服务人员没来", "老李理发", "我在家等了一上午")),
    ],
)
def test_who_decides_reads_what_either_side_said_of_the_other_and_who_said_it(
    cast: Cast, who: str, claim: str, other: str, order: tuple[str, ...]
) -> None:
    world = World(cast)
    made = world.past(world.book("resident"))
    world.do(claim, who, booking=made)
    world.do("contradict_booking", other, booking=made, words="我在家等了一上午")
    answer = cast.client("village_secretary").get(reverse("bookings:detail", args=[made.pk]))
    card = answer.content.decode().partition("谁说得对？")[2].partition("</dl>")[0]
    names = [cast.account(one).name for one in (who, other)]
    places = [card.find(word) for word in (*order[:2], names[0], *order[2:], names[1])]
    assert -1 not in places
    assert places == sorted(places)
