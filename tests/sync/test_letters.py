"""What is sealed to the server: in a file when the phone is gone, and from whoever was dismissed, until one decides."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from minqing.core.ids import new_id
from minqing.households.services import save_household
from minqing.journal.models import Event
from minqing.notify.models import Notice
from minqing.notify.services import notice_id
from minqing.org.models import Post
from minqing.org.queries import system_actor, work_calendar
from minqing.privacy.access import acting_as
from minqing.privacy.letters import open_letter, public_key
from minqing.privacy.seal import CannotDecrypt
from minqing.privacy.subjects import Person
from minqing.sync.forms import decide_press
from minqing.sync.models import Device, Entry, Letter, Photo
from minqing.sync.notifications import notify_of
from minqing.sync.services import remind_of_letters, revoke_device
from minqing.sync.subjects import erase, find
from minqing.visits.listeners import letters_follow
from minqing.visits.models import Visit
from tests.cast import Cast
from tests.files.pictures import jpeg
from tests.sync.conftest import Home
from tests.sync.letters import as_sent, letter, photo_letter, sealed_to_server
from tests.sync.phone import REGISTER, Phone
from tests.sync.test_photos import PICTURE, piece, sha, with_photos

pytestmark = pytest.mark.django_db
DROP, PAGE = "/sync/letters/drop", "/sync/letters/"


def visits(cast: Cast) -> list[Visit]:
    with cast.everything():
        return list(Visit.objects.select_related("entry").order_by("recorded_at", "id"))


def file_of(phone: Phone, *letters: dict[str, str]) -> bytes:
    told = {"minqing": "unsent", "device": phone.id, "saved_at": phone.now().isoformat(), "letters": list(letters)}
    return json.dumps(told).encode()


def unsent(phone: Phone) -> list[dict[str, str]]:
    return [letter(phone.id, one) for one in phone.outbox]


def hand_in(client: Client, data: bytes) -> str:
    file = SimpleUploadedFile("minqing.json", data, "application/json")
    answer = client.post(PAGE, {"file": file}, follow=True)
    return str(answer.content.decode())


def drop(phone: Phone, *letters: dict[str, str], secret: str = "") -> Any:
    secret = secret or phone.secret
    told = {"device": phone.id, "secret": secret, "clock": phone.now().isoformat(), "letters": list(letters)}
    return Client().post(DROP, json.dumps(told), content_type="application/json")


def decide(client: Client, phone: Phone, take: str, *, but: int = 0) -> Any:
    url = f"{PAGE}{phone.id}/"
    page = client.get(url)
    ids = [str(one["row"].pk) for one in page.context["words"]] + [str(one.pk) for one in page.context["photos"]]
    given = {"seen": page.context["press"]["seen"].initial, "letter": ids[but:], "take": take}
    return client.post(url, given)


@pytest.fixture
def sealing(phone: Phone) -> Phone:
    """It knows to whom it seals, and its own secret."""
    told = phone.post(REGISTER, {"id": phone.id, "name": "小米"}).json()["letters"]
    assert told["mark"] == public_key().mark
    phone.secret = told["secret"]
    return phone


def dismissed(cast: Cast) -> None:
    Post.objects.filter(account=cast.account("cadre")).update(until="2026-01-01")


def test_a_letter_is_opened_by_this_server_alone_and_only_as_it_was_sealed() -> None:
    told = as_sent({"operation": str(new_id()), "sha256": ""} | sealed_to_server("屋顶漏雨".encode()))
    given = {"mark": told.mark, "point": told.point, "sealed": told.data}
    assert open_letter(**given).decode() == "屋顶漏雨"
    other = public_key().point
    for wrong in ({"mark": "0" * 16}, {"point": other}, {"point": b"\4" * 65}, {"sealed": told.data[:-1]},
                  {"sealed": b""}, {"point": b""}):  # fmt: skip
        with pytest.raises(CannotDecrypt):
            open_letter(**given | wrong)


@pytest.mark.case("A26")
@pytest.mark.case("A10")
def test_a_file_of_ones_own_is_taken_at_once_and_what_it_holds_once(cast: Cast, sealing: Phone, home: Home) -> None:
    house = home()
    made = with_photos(sealing, house, PICTURE)
    sealing.write(house, text="又来了一次。")
    file = file_of(sealing, *unsent(sealing), photo_letter(made["id"], sha(PICTURE), PICTURE))
    assert "漏雨" not in file.decode()
    assert str(house.pk) not in file.decode()
    page = hand_in(cast.client("cadre"), file)
    assert "收下了 3 条" in page
    assert [one.entry.text for one in visits(cast)] == ["老人说屋顶漏雨。", "又来了一次。"]
    assert Photo.objects.get().arrival == "received"
    # again, and from the phone, which was found after all: the same receipts
    assert "3 条早已送到" in hand_in(cast.client("cadre"), file)
    assert Letter.objects.filter(decided_at=None).count() == 0
    assert all(bytes(one.sealed) == b"" for one in Letter.objects.all())
    sealing.exchange()
    assert sealing.outcomes() == ["owed", "applied"]
    assert len(visits(cast)) == 2
    assert Device.objects.get().arrived == 2


def test_the_rest_of_a_photo_that_had_begun_comes_from_the_file(cast: Cast, sealing: Phone, home: Home) -> None:
    made = with_photos(sealing, home(), PICTURE)
    sealing.exchange()
    piece(sealing, made["id"], PICTURE, 0)
    file = file_of(sealing, photo_letter(made["id"], sha(PICTURE), PICTURE))
    assert "收下了 1 条" in hand_in(cast.client("cadre"), file)
    assert Photo.objects.get().arrival == "received"


def test_what_another_hands_in_waits_for_who_leads_the_place(cast: Cast, sealing: Phone, home: Home) -> None:
    sealing.write(home())
    file = file_of(sealing, *unsent(sealing))
    assert "新收到 1 条" in hand_in(cast.client("operator"), file)
    assert visits(cast) == []
    for who, status in (("far_clerk", 404), ("unit_head", 403), ("operator", 403), ("other_cadre", 404)):
        assert cast.client(who).get(f"{PAGE}{sealing.id}/").status_code == status
    page = cast.client("clerk").get(f"{PAGE}{sealing.id}/").content.decode()
    assert "老人说屋顶漏雨。" in page
    decide(cast.client("clerk"), sealing, "yes")
    (visit,) = visits(cast)
    assert visit.account_id == cast.account("cadre").pk
    told = Event.objects.get(type="sync.letters.decided")
    assert (told.actor, told.data["taken"]) == (cast.actor("clerk").ref, True)


@pytest.mark.fault(4)
@pytest.mark.case("A22")
def test_who_was_dismissed_hands_in_sealed_and_nothing_is_theirs_before_somebody_decides(
    cast: Cast, sealing: Phone, home: Home
) -> None:
    first, second = sealing.write(home()), sealing.write(home(), text="另一户。")
    revoke_device(device_id=Device.objects.get().pk, by=cast.actor("operator"))
    dismissed(cast)
    letters = unsent(sealing)
    for _time in range(2):
        told = drop(sealing, *letters).json()["letters"]
        assert [one["outcome"] for one in told] == ["kept", "kept"]
    assert (visits(cast), Entry.objects.count(), Letter.objects.count()) == ([], 0, 2)
    assert Event.objects.filter(type="sync.letters.kept").count() == 1
    # looking is on record; one is taken, the other is not
    secretary = cast.client("village_secretary")
    secretary.get(f"{PAGE}{sealing.id}/")
    assert Event.objects.filter(type="sync.letters.viewed").exists()
    decide(secretary, sealing, "yes", but=1)
    assert [one.entry.text for one in visits(cast)] == ["另一户。"]
    assert {one.account_id for one in visits(cast)} == {cast.account("cadre").pk}
    decide(secretary, sealing, "no")
    told = {one["id"]: one["outcome"] for one in drop(sealing, *letters).json()["letters"]}
    assert told == {first["id"]: "left", second["id"]: "applied"}
    assert Letter.objects.filter(decided_at=None).count() == 0
    assert secretary.get(f"{PAGE}{sealing.id}/").status_code == 404


def test_nobody_hands_in_for_a_phone_without_its_secret(cast: Cast, sealing: Phone, home: Home) -> None:
    sealing.write(home())
    assert drop(sealing, *unsent(sealing), secret="0" * 32).status_code == 404
    assert Letter.objects.count() == 0


def test_what_is_no_letter_of_the_phone_is_told_and_not_kept(cast: Cast, sealing: Phone, home: Home) -> None:
    made = sealing.write(home())
    good = letter(sealing.id, made)
    for wrong in (
        letter(new_id(), made),
        good | {"operation": str(new_id())},
        good | {"mark": "f" * 16},
        photo_letter(made["id"], sha(b"other"), jpeg()),
        {"operation": made["id"], "sha256": ""} | sealed_to_server(b"[]"),
    ):
        assert "1 条在这里打不开" in hand_in(cast.client("cadre"), file_of(sealing, wrong))
    for data in (b"", b"{", b"\xff", b"{}", file_of(sealing)):
        assert "不是手机上保存的" in hand_in(cast.client("cadre"), data)
    assert "不认识" in hand_in(cast.client("cadre"), file_of(Phone(Client()), good))
    assert Letter.objects.count() == 0


def chosen(client: Client, phone: Phone, take: str, rows: list[Letter]) -> Any:
    """The buttons as anybody may send them, also who saw none."""
    given = {"seen": decide_press(rows)["seen"].initial, "letter": [str(one.pk) for one in rows], "take": take}
    return client.post(f"{PAGE}{phone.id}/", given)


def test_what_a_colleague_slipped_in_is_not_taken_with_ones_own_file_nor_by_that_colleague(
    cast: Cast, sealing: Phone, home: Home
) -> None:
    house = home()
    forged = sealing.write(house, text="假的。")
    sealing.outbox, sealing.last = [], 0
    assert "新收到 1 条" in hand_in(cast.client("village_secretary"), file_of(sealing, letter(sealing.id, forged)))
    sealing.write(house)
    assert "收下了 1 条" in hand_in(cast.client("cadre"), file_of(sealing, *unsent(sealing)))
    assert [one.entry.text for one in visits(cast)] == ["老人说屋顶漏雨。"]
    # who handed it in for another does not decide about it too; the owner sees it, and so does the clerk
    secretary = cast.client("village_secretary")
    page = secretary.get(f"{PAGE}{sealing.id}/")
    assert "替别人上交的人不再参与决定" in page.content.decode()
    assert page.context["press"] is None
    assert chosen(secretary, sealing, "yes", list(Letter.objects.filter(decided_at=None))).status_code == 403
    assert len(visits(cast)) == 1
    decide(cast.client("cadre"), sealing, "no")
    told = Event.objects.filter(type="sync.letters.decided").latest("at")
    assert told.data["operations"] == [forged["id"]]


def test_one_that_cannot_be_read_shuts_neither_the_file_nor_the_page(cast: Cast, sealing: Phone, home: Home) -> None:
    house = home()
    odd = sealing.put({"household": str(house.pk)}, about=f"household:{house.pk}")
    listed = sealing.put([], about=f"household:{house.pk}", chain=False)
    sealing.write(house, chain=False)
    page = hand_in(cast.client("operator"), file_of(sealing, *unsent(sealing)))
    assert "新收到 2 条" in page
    assert "1 条在这里打不开" in page
    assert not Letter.objects.filter(operation=listed["id"]).exists()
    dismissed(cast)
    client = cast.client("clerk")
    page = client.get(f"{PAGE}{sealing.id}/")
    assert page.status_code == 200
    assert "在这里读不出来" in page.content.decode()
    rows = [one["row"] for one in page.context["words"]]
    given = {"seen": page.context["press"]["seen"].initial, "take": "no",
             "letter": [str(one.pk) for one in rows if str(one.operation) == odd["id"]]}  # fmt: skip
    assert client.post(f"{PAGE}{sealing.id}/", given).status_code == 302
    assert Letter.objects.get(decided_at=None).operation != UUID(odd["id"])


def test_base64_that_is_cut_off_is_told_and_no_mistake_of_the_server(sealing: Phone, home: Home) -> None:
    good = letter(sealing.id, sealing.write(home()))
    for name in ("point", "sealed"):
        assert drop(sealing, good | {name: good[name].rstrip("=")[:-2] + "A"}).status_code == 422
    assert Letter.objects.count() == 0


@pytest.mark.case("A9")
def test_what_builds_on_something_that_is_gone_is_taken_from_a_file_and_marked(
    cast: Cast, sealing: Phone, home: Home
) -> None:
    house = home()
    sealing.write(house)
    second = sealing.write(house, text="又来了一次。")
    hand_in(cast.client("cadre"), file_of(sealing, letter(sealing.id, second)))
    entry = Entry.objects.get(pk=second["id"])
    assert (entry.outcome, entry.code) == ("applied", "taken_alone")


def test_what_cannot_be_taken_is_told_and_stays_until_it_is_left(cast: Cast, sealing: Phone, home: Home) -> None:
    told = sealing.write(home(), text="")
    letters = unsent(sealing)
    page = hand_in(cast.client("cadre"), file_of(sealing, *letters))
    assert "请简单写下群众说了什么" in page
    assert "收下了 0 条" in page
    waiting = Letter.objects.get()
    assert (waiting.outcome, waiting.decided_at, bool(waiting.sealed)) == ("refused", None, True)
    assert drop(sealing, *letters).json()["letters"][0]["outcome"] == "refused"
    # whoever leads there reads why, and does not throw away what somebody at work wrote
    secretary = cast.client("village_secretary")
    page = secretary.get(f"{PAGE}{sealing.id}/")
    assert "请简单写下群众说了什么" in page.content.decode()
    assert "不收" not in page.content.decode().partition("form-actions")[2].partition("</div>")[0]
    assert chosen(secretary, sealing, "no", [waiting]).status_code == 403
    dismissed(cast)
    assert chosen(cast.client("village_secretary"), sealing, "no", [waiting]).status_code == 302
    waiting.refresh_from_db()
    assert (bytes(waiting.sealed), waiting.told) == (b"", "已看过，没有收下。")
    assert drop(sealing, *letters).json()["letters"] == [{"id": told["id"], "outcome": "left"}]


def test_one_whose_number_is_taken_or_that_was_damaged_stays(cast: Cast, sealing: Phone, home: Home) -> None:
    sealing.write(home())
    sealing.exchange()
    sealing.last = 0
    sealing.write(home())
    sealing.write(home())["digest"] = "0" * 64
    hand_in(cast.client("cadre"), file_of(sealing, *unsent(sealing)))
    rows = Letter.objects.order_by("written_at")
    assert [(one.decided_at, bool(one.sealed), bool(one.told)) for one in rows] == [(None, True, True)] * 2


@pytest.mark.case("A22")
def test_who_leads_where_the_household_lies_now_decides_and_nobody_where_it_was(
    cast: Cast, sealing: Phone, home: Home
) -> None:
    house = home()
    sealing.write(house)
    dismissed(cast)
    drop(sealing, *unsent(sealing))
    assert cast.client("village_secretary").get(f"{PAGE}{sealing.id}/").status_code == 200
    with cast.everything() as by:
        save_household(number=house.number, area_id=cast.far.pk, by=by)
        letters_follow(Event.objects.get(type="households.household.updated"))
    assert cast.client("village_secretary").get(f"{PAGE}{sealing.id}/").status_code == 404
    assert cast.client("far_clerk").get(f"{PAGE}{sealing.id}/").status_code == 200


def test_of_what_lies_nowhere_those_decide_where_its_writer_worked_last(cast: Cast, sealing: Phone) -> None:
    sealing.write(new_id())
    dismissed(cast)
    drop(sealing, *unsent(sealing))
    assert decide(cast.client("clerk"), sealing, "no").status_code == 302
    assert Letter.objects.filter(decided_at=None).count() == 0


def test_nobody_is_erased_while_a_letter_waits_that_would_bring_them_back(
    cast: Cast, sealing: Phone, home: Home
) -> None:
    house = home()
    sealing.write(house)
    sealing.write(home(), text="路上遇见张 桂芬。")
    person = Person(cause="request:x", name="张桂芬", household=house.pk, areas=frozenset({cast.own.pk}))
    elsewhere = Person(cause="request:x", name="张桂芬", areas=frozenset({cast.far.pk}))
    other = Person(cause="request:x", name="何桂香", areas=frozenset({cast.own.pk}))
    hand_in(cast.client("operator"), file_of(sealing, *unsent(sealing)))
    assert [find(one).open for one in (person, elsewhere, other)] == [2, 0, 0]
    assert find(person).busy
    dismissed(cast)
    decide(cast.client("clerk"), sealing, "no")
    assert not find(person).busy


def test_what_can_never_be_taken_holds_up_no_erasure_and_is_emptied_with_it(
    cast: Cast, sealing: Phone, home: Home
) -> None:
    """Its writer is at work, so that nobody else may leave it."""
    house = home()
    sealing.write(house, text="张桂芬", met="")
    sealing.write(house, text="张桂芬说的。", chain=False)["digest"] = "0" * 64
    sealing.write(home(), text="")
    photo = photo_letter(sealing.outbox[0]["id"], sha(PICTURE), PICTURE)
    hand_in(cast.client("cadre"), file_of(sealing, *unsent(sealing), photo))
    assert Letter.objects.filter(decided_at=None, outcome="refused").count() == 3
    person = Person(cause="request:x", name="张桂芬", household=house.pk, areas=frozenset({cast.own.pk}))
    found = find(person)
    assert (found.records, found.busy, found.open) == (2, (), 0)
    with cast.everything() as by:
        assert erase(person=person, by=by, at=sealing.now()) == 3
    assert [bool(one.sealed) for one in Letter.objects.filter(decided_at=None)] == [True]
    assert Event.objects.get(type="sync.letters.emptied").data == {"letters": 3}
    assert find(person).records == 0


def test_a_photo_alone_lies_where_its_words_do_and_goes_along(cast: Cast, sealing: Phone, home: Home) -> None:
    house = home()
    made = with_photos(sealing, house, PICTURE)
    sealing.exchange()
    waiting = with_photos(sealing, house, jpeg((90, 60)))
    nowhere = photo_letter(str(new_id()), sha(PICTURE), PICTURE)
    photos = [photo_letter(made["id"], sha(PICTURE), PICTURE), nowhere,
              photo_letter(waiting["id"], sha(jpeg((90, 60))), jpeg((90, 60)))]  # fmt: skip
    hand_in(cast.client("operator"), file_of(sealing, *photos, *unsent(sealing)))

    def places() -> dict[str, int | None]:
        return {str(one.operation): one.area_id for one in Letter.objects.exclude(sha256="")}

    here = {made["id"]: cast.own.pk, waiting["id"]: cast.own.pk}
    assert places() == here | {nowhere["operation"]: cast.own.pk}
    with cast.everything() as by:
        save_household(number=house.number, area_id=cast.far.pk, by=by)
        letters_follow(Event.objects.get(type="households.household.updated"))
    assert places() == dict.fromkeys(here, cast.far.pk) | {nowhere["operation"]: cast.own.pk}


def test_those_who_decide_are_reminded_once_and_then_those_above_them(cast: Cast, sealing: Phone, home: Home) -> None:
    sealing.write(home())
    dismissed(cast)
    drop(sealing, *unsent(sealing))
    received = Letter.objects.get().received_at

    def run(days: int) -> list[tuple[str, list[str]]]:
        """What was told, and whom, when so many working days have passed; run twice, it is told once."""
        known = set(Event.objects.values_list("pk", flat=True))
        for _time in range(2):
            remind_of_letters(by=system_actor("sync.letters"), at=work_calendar().add_working_days(received, days).at)
        told = []
        for event in Event.objects.filter(type__startswith="sync.letters.r").exclude(pk__in=known):
            notify_of(event)
            heard = []
            for name in ("cadre", "clerk", "village_secretary"):
                with acting_as(cast.actor(name)):
                    if Notice.objects.filter(pk=notice_id(event.pk, cast.account(name).pk)).exists():
                        heard.append(name)
            told.append((event.type, heard))
        return told

    assert run(2) == []
    assert run(3) == [("sync.letters.reminded", ["village_secretary"])]
    assert run(5) == []
    assert run(6) == [("sync.letters.raised", ["clerk"])]
    assert run(12) == []
