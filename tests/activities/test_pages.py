"""Activities through the pages: the staff's, and those behind the code at a door."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from minqing.activities.codes import code_at
from minqing.activities.enums import SignUpState, State
from minqing.activities.listeners import resident_moved
from minqing.activities.models import Activity, SignUp
from minqing.core import clock
from minqing.core.ids import new_id, random_token
from minqing.households.services import move_resident
from minqing.journal.models import Event
from minqing.journal.subscriptions import subscriptions
from tests.activities.cases import FEW, HOUR, PHONE, WHY, Doing
from tests.cast import Cast
from tests.files.pictures import jpeg

pytestmark = pytest.mark.django_db


def page(case: Doing, name: str = "detail", *rest: Any) -> str:
    return reverse(f"activities:{name}", args=[case.row.pk, *rest])


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def known(case: Doing, number: int = 0) -> tuple[Client, str]:
    """A phone that knows somebody, and what stands on the plate of their door."""
    phone, token = Client(), case.cast.code(case.homes[number], random_token())
    assert phone.post(reverse("doorstep:who", args=[token]), {"proof": PHONE[-4:]}).status_code == 302
    return phone, token


def test_written_changed_and_published_by_the_secretary(cast: Cast) -> None:
    client, now = cast.client("village_secretary"), timezone.localtime(clock.now())
    sent = {
        "request_id": str(new_id()), "area": cast.own.pk, "title": "村晚排练", "place": "文化礼堂", "function": FEW,
        "starts_at": f"{now + 24 * HOUR:%Y-%m-%dT%H:%M}", "ends_at": f"{now + 26 * HOUR:%Y-%m-%dT%H:%M}",
        "sign_up_until": f"{now + 23 * HOUR:%Y-%m-%dT%H:%M}", "capacity": "2",
    }  # fmt: skip
    assert client.post(reverse("activities:new"), sent | {"ends_at": sent["starts_at"]}).status_code == 422
    address = client.post(reverse("activities:new"), sent | {"request_id": str(new_id())})["Location"]
    row = Activity.objects.get(title="村晚排练")
    changed = {**sent, "request_id": str(new_id()), "title": "村晚彩排"}
    assert client.post(reverse("activities:change", args=[row.pk]), changed).status_code == 302
    assert "村晚彩排" in read(client, address)
    assert cast.client("far_cadre").get(address).status_code == 404
    assert client.post(reverse("activities:move", args=[row.pk, "publish"])).status_code == 302
    assert Activity.objects.get(pk=row.pk).state == State.OPEN


def test_a_resident_signs_up_behind_the_own_door_once_known(cast: Cast) -> None:
    case = Doing(cast, capacity=1)
    phone, token = known(case)
    stranger = Client()
    address = reverse("activities:at_door", args=[token, case.row.pk])
    assert case.row.title in read(stranger, reverse("activities:door", args=[token]))
    assert "何桂香" not in read(stranger, address), "nothing of the household is shown"
    asked = stranger.post(address, {"request_id": str(new_id())})["Location"]
    assert asked.startswith(reverse("doorstep:who", args=[token]))
    assert asked.split("?")[0] in read(stranger, address)
    assert phone.post(address, {"request_id": str(new_id())})["Location"] == address
    assert "何桂香 已报名" in read(phone, address)
    other, there = known(case, 1)
    second = reverse("activities:at_door", args=[there, case.row.pk])
    other.post(second, {"request_id": str(new_id())})
    assert "候补第一位" in read(other, second)
    phone.post(address, {"withdraw": "1"})
    assert "单老根 已报名" in read(other, second)
    assert case.row.title in read(other, reverse("points:own", args=[there]))


def test_who_moves_to_another_village_still_withdraws_and_checks_in_at_the_door_there(
    cast: Cast, monkeypatch: Any
) -> None:
    case = Doing(cast)
    rows, there = [case.sign(number) for number in range(2)], cast.household(cast.other)
    with cast.everything() as by:
        for one in case.people[:2]:
            move_resident(resident_id=one.pk, household_id=there.pk, by=by)
        events = list(Event.objects.filter(type="households.resident.moved"))
    for event in (*events, *events):
        resident_moved(event)
    assert "activities-follow-residents" in {one.name for one in subscriptions()}
    with cast.everything():
        assert Event.objects.filter(type="activities.person.followed").count() == 2
        case.people[1].refresh_from_db()
        case.people[1].phone = "13857500002"
        case.people[1].save()
    case.homes[0] = case.homes[1] = there
    phone, token = known(case)
    assert case.row.title in read(phone, reverse("activities:at_door", args=[token, case.row.pk]))
    case.withdraw(rows[1], 1)
    assert case.state_of(rows[1]) == SignUpState.WITHDRAWN
    monkeypatch.setattr(clock, "now", lambda: case.during)
    assert phone.post(reverse("doorstep:who", args=[token]), {"proof": PHONE[-4:]}).status_code == 302
    digits = code_at(case.row.pk, case.during)
    address = reverse("activities:check_in", args=[token, case.row.pk])
    assert phone.post(address, {"digits": digits}).status_code == 302
    assert case.state_of(rows[0]) == SignUpState.CAME
    assert cast.client("cadre").get(page(case)).context["people"], "the organiser keeps them on the list"


def test_nobody_confirms_a_list_that_they_have_not_seen(cast: Cast) -> None:
    case = Doing(cast)
    late = case.sign(1)
    case.over(0)
    client = cast.client("village_secretary")
    seen = next(one.form.token for one in client.get(page(case)).context["offers"] if one.verb == "confirm")
    case.came(late)
    confirm = page(case, "move", "confirm")
    assert client.post(confirm, {"seen": seen}).status_code == 409
    with cast.everything():
        case.row.refresh_from_db()
    assert (case.row.state, case.balance(0), case.balance(1)) == (State.ENDED, 0, 0)
    seen = next(one.form.token for one in client.get(page(case)).context["offers"] if one.verb == "confirm")
    assert client.post(confirm, {"seen": seen}).status_code == 302
    assert (case.balance(0), case.balance(1)) == (8, 8)


def test_the_digits_on_the_screen_check_in_and_wrong_ones_are_counted(cast: Cast, monkeypatch: Any) -> None:
    case = Doing(cast)
    case.sign()
    monkeypatch.setattr(clock, "now", lambda: case.during)
    phone, token = known(case)
    address = reverse("activities:check_in", args=[token, case.row.pk])
    screen = read(cast.client("cadre"), page(case, "code"))
    digits = code_at(case.row.pk, case.during)
    assert f"{digits[:3]} {digits[3:]}" in screen
    assert cast.client("far_cadre").get(page(case, "code")).status_code == 404
    assert phone.post(address, {"digits": "000000" if digits != "000000" else "111111"}).status_code == 422
    assert phone.post(address, {"digits": f" {digits[:3]} {digits[3:]}"}).status_code == 302
    with cast.everything():
        assert SignUp.objects.get().state == SignUpState.CAME


def test_who_has_no_phone_is_signed_up_and_checked_in_from_the_list(cast: Cast) -> None:
    case = Doing(cast)
    client, home = cast.client("village_secretary"), case.homes[0]
    assert home.number in read(client, page(case, "add") + f"?text={case.people[0].name}").replace(" ", "")
    there = page(case, "add") + f"?household={home.pk}"
    sent = {"request_id": str(new_id()), "resident": str(case.people[0].pk)}
    assert client.post(there, sent).status_code == client.post(there, sent).status_code == 302
    with cast.everything():
        row = SignUp.objects.get()
        Activity.objects.update(starts_at=clock.now())
    assert case.people[0].name in read(client, page(case))
    assert client.post(page(case, "mark", row.pk, "came")).status_code == 302
    assert client.post(page(case, "mark", row.pk, "undo")).status_code == 302
    assert client.post(page(case, "mark", row.pk, "came")).status_code == 302
    assert case.state_of(row) == SignUpState.CAME
    assert case.people[0].name not in read(cast.client("leader"), page(case)), "numbers, and nobody's name"


def test_the_list_is_confirmed_by_a_press_and_pressed_again_gives_nothing_more(cast: Cast) -> None:
    case = Doing(cast)
    case.over(0, 1)
    client, address = cast.client("village_secretary"), page(case, "move", "confirm")
    body = read(client, page(case))
    sent = {"request_id": str(new_id()), "seen": body.split('name="seen" value="')[1].split('"')[0]}
    assert client.post(address, sent).status_code == client.post(address, sent).status_code == 302
    assert case.balance() == case.row.version.points
    assert f"+{case.row.version.points}" in read(client, page(case))
    phone, token = known(case)
    assert f"{case.row.version.points} 枚香榧币" in read(
        phone, reverse("activities:at_door", args=[token, case.row.pk])
    )


def test_a_cancelled_one_says_why_at_the_door(cast: Cast) -> None:
    case = Doing(cast)
    case.sign()
    client = cast.client("cadre")
    assert client.post(page(case, "move", "cancel"), {"reasons": ""}).status_code == 422
    assert client.post(page(case, "move", "cancel"), {"reasons": WHY}).status_code == 302
    phone, token = known(case)
    assert WHY in read(phone, reverse("activities:at_door", args=[token, case.row.pk]))
    assert "已取消" in read(phone, reverse("points:own", args=[token]))


def test_how_it_was_is_told_with_pictures_and_seen_at_the_doors_of_the_place(cast: Cast) -> None:
    case = Doing(cast)
    assert cast.client("cadre").get(page(case, "report")).status_code == 403, "not before it is over"
    case.over(0)
    client = cast.client("cadre")
    sent = {"request_id": str(new_id()), "words": "捡了三十袋垃圾。", "public": "on",
            "photos": SimpleUploadedFile("溪边.jpg", jpeg(), "image/jpeg")}  # fmt: skip
    assert client.post(page(case, "report"), sent | {"request_id": str(new_id()), "words": ""}).status_code == 422
    sent["photos"] = SimpleUploadedFile("溪边.jpg", jpeg(), "image/jpeg")
    assert client.post(page(case, "report"), sent).status_code == 302
    (photo,) = case.row.photos.values_list("attachment_id", flat=True)
    assert page(case, "photo", photo) in read(client, page(case))
    phone, token = known(case)
    there = reverse("activities:door_photo", args=[token, case.row.pk, photo])
    assert there in read(phone, reverse("activities:at_door", args=[token, case.row.pk]))
    assert Client().get(there)["Content-Type"] == "image/jpeg"
    far = cast.code(cast.household(cast.other), random_token())
    assert Client().get(reverse("activities:door_photo", args=[far, case.row.pk, photo])).status_code == 404


def test_drafts_and_other_places_are_not_there_at_a_door(cast: Cast) -> None:
    draft = Doing(cast, publish=False)
    far = cast.code(cast.household(cast.other), random_token())
    open_one = Doing(cast)
    assert Client().get(reverse("activities:at_door", args=[far, open_one.row.pk])).status_code == 404
    token = cast.code(draft.homes[0], random_token())
    assert Client().get(reverse("activities:at_door", args=[token, draft.row.pk])).status_code == 404
    assert Client().get(reverse("activities:door", args=["no-such-token"])).status_code == 404


def test_the_lists_take_as_many_queries_with_three_as_with_one(cast: Cast, django_assert_num_queries: Any) -> None:
    client, address = cast.client("cadre"), reverse("activities:list")
    for _time in range(2):
        case = Doing(cast)
        case.sign(0)
        client.get(address)
        for number, address_of in ((13, address), (17, page(case))):
            with django_assert_num_queries(number):
                client.get(address_of)
        case.sign(1)
        with django_assert_num_queries(17):
            client.get(page(case))
        Doing(cast), Doing(cast)


def test_hundreds_who_signed_up_are_drawn_page_by_page_and_a_tick_leads_back_to_its_own(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    case, client = Doing(cast), cast.client("cadre")
    with cast.everything():
        rows = [
            SignUp(activity=case.row, area=cast.own, household=case.homes[0], name=f"何{n}", state=SignUpState.IN,
                   signed_at=case.now + n * HOUR / 3600)
            for n in range(500)
        ]  # fmt: skip
        SignUp.objects.bulk_create(rows)
        Activity.objects.filter(pk=case.row.pk).update(starts_at=case.now)
    client.get(page(case))
    with django_assert_num_queries(17):
        answer = client.get(page(case), {"page": "10"})
    assert len(answer.content) < 200_000
    lines = [one.row.name for one, _marks in answer.context["people"]]
    assert (len(lines), lines[-1]) == (50, "何499")
    mark = f"{page(case, 'mark', rows[499].pk, 'came')}?page=10"
    assert mark in answer.content.decode()
    press = dict(answer.context["people"][-1][1])["came"]
    sent = {"seen": press.token, "request_id": str(press.id)}
    assert client.post(mark, sent)["Location"] == f"{page(case)}?page=10"
    # what is refused shows the list again, at an address that takes no other page of it
    refused = client.post(page(case, "move", "cancel"), {"reasons": ""})
    assert refused.status_code == 422
    assert f'href="{page(case)}?page=2"' in refused.content.decode()
