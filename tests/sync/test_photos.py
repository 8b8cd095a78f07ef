"""Photos in a lane of their own: after the words, in pieces, from where they really are, whole or not at all."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.files.models import Attachment
from minqing.households.models import Household
from minqing.journal.models import Event
from minqing.matters.models import Evidence
from minqing.org.queries import system_actor
from minqing.privacy.subjects import Person
from minqing.sync.models import Device, Photo, PhotoPiece
from minqing.sync.rules import AWAITED, MOST_BEGUN, MOST_PHOTO, PIECES_KEPT
from minqing.sync.services import drop_old_pieces, give_up_old_photos
from minqing.visits import subjects
from minqing.visits.models import VisitPhoto
from minqing.visits.services import follow_household
from tests.cast import Cast
from tests.files.pictures import jpeg
from tests.sync.conftest import Home
from tests.sync.phone import Phone

pytestmark = pytest.mark.django_db
PICTURE = jpeg()
PIECE = 2_000


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def with_photos(phone: Phone, home: Any, *pictures: bytes, **values: Any) -> dict[str, Any]:
    """A diary that names photos, in the form that knows them."""
    made = phone.write(home, photos=[{"sha256": sha(one), "size": len(one)} for one in pictures], **values)
    made["schema_number"] = 2
    return made


def piece(phone: Phone, operation: str, picture: bytes, offset: int, *, length: int = PIECE, named: str = "") -> Any:
    url = f"/sync/photos/{operation}/{named or sha(picture)}?offset={offset}"
    data = picture[offset : offset + length]
    return phone.client.post(url, data, content_type="application/octet-stream", headers={"Accept": "application/json"})


def send(phone: Phone, operation: str, picture: bytes, offset: int = 0) -> dict[str, Any]:
    """All that is missing from ``offset`` on, going on from where the server says that it is."""
    for _time in range(200):
        answer = piece(phone, operation, picture, offset)
        assert answer.status_code in {200, 409}, answer.content
        told: dict[str, Any] = answer.json()
        if told["state"] != "owed":
            return told
        offset = told["offset"]
    raise AssertionError("it never ends")


def held(cast: Cast) -> list[VisitPhoto]:
    with cast.everything():
        return list(VisitPhoto.objects.order_by("id"))


@pytest.fixture
def named(phone: Phone, home: Home) -> str:
    """The operation of a diary that is taken and names :data:`PICTURE`."""
    made = with_photos(phone, home(), PICTURE)
    phone.exchange()
    return str(made["id"])


@pytest.mark.case("A2")
def test_words_are_taken_at_once_and_the_photo_is_owed(cast: Cast, phone: Phone, home: Home) -> None:
    house = home()
    made = with_photos(phone, house, PICTURE)
    others = [phone.write(house, text=f"第{n}篇") for n in range(5)]
    told = phone.exchange()
    assert phone.outcomes() == ["owed"] + ["applied"] * 5
    assert told["photos"] == [
        {
            "id": told["photos"][0]["id"],
            "operation": made["id"],
            "thing": phone.receipts[made["id"]]["thing"],
            "sha256": sha(PICTURE),
            "size": len(PICTURE),
            "offset": 0,
        }
    ]
    # cut at two thirds, each time: the words that are written meanwhile go as ever
    for n in range(3):
        piece(phone, made["id"], PICTURE, 0)
        phone.write(house, text=f"又一篇{n}")
        assert phone.exchange()["photos"][0]["offset"] == PIECE
    assert phone.outbox == []
    visit = phone.receipts[made["id"]]["thing"].removeprefix("visit:")
    assert "还有 1 张照片没从手机传来" in cast.client("cadre").get(f"/visits/{visit}/").content.decode()
    for page in (cast.client(who).get("/sync/").content.decode() for who in ("cadre", "village_secretary")):
        assert "还有 1 张照片没送到" in page
    assert "还有 1 张照片没送到" not in cast.client("far_cadre").get("/sync/").content.decode()
    assert len(others) == 5
    assert send(phone, made["id"], PICTURE)["state"] == "received"
    assert "没从手机传来" not in cast.client("cadre").get(f"/visits/{visit}/").content.decode()


def test_a_photo_that_is_whole_is_made_anew_and_stands_with_the_visit(cast: Cast, phone: Phone, named: str) -> None:
    assert send(phone, named, PICTURE) == {"state": "received", "offset": len(PICTURE), "told": ""}
    (photo,) = held(cast)
    assert photo.attachment.name == "photo.jpg"
    page = cast.client("cadre").get(f"/visits/pictures/{photo.attachment_id}/full/")
    body = b"".join(page)
    assert page.status_code == 200
    assert b"CANARY" not in body
    assert cast.client("far_cadre").get(f"/visits/pictures/{photo.attachment_id}/full/").status_code == 404
    assert PhotoPiece.objects.count() == 0
    assert Event.objects.filter(type="visits.photo.added", subject=f"visit:{photo.visit_id}").count() == 1
    assert phone.exchange()["photos"] == []


@pytest.mark.case("A14")
def test_a_photo_goes_on_from_where_it_really_is(cast: Cast, phone: Phone, named: str) -> None:
    assert piece(phone, named, PICTURE, 0).json() == {"state": "owed", "offset": PIECE, "told": ""}
    # the answer was lost: the same again has the same answer, and what begins elsewhere is told where it is
    for offset, status in ((0, 200), (2 * PIECE, 409), (7, 409)):
        answer = piece(phone, named, PICTURE, offset)
        assert (answer.status_code, answer.json()["offset"]) == (status, PIECE)
    assert send(phone, named, PICTURE, 9 * PIECE)["state"] == "received"
    assert len(held(cast)) == Attachment.objects.count() == 1


@pytest.mark.case("A16")
def test_what_has_arrived_is_not_replaced_and_other_bytes_are_not_taken_for_it(
    cast: Cast, phone: Phone, named: str
) -> None:
    other = jpeg((300, 200))
    # other bytes under its name: nothing of them stays, and the true ones are taken after them
    for offset in range(0, len(PICTURE), PIECE):
        answer = piece(phone, named, (other * 9)[: len(PICTURE)], offset, named=sha(PICTURE))
    assert (answer.status_code, answer.json()["offset"]) == (409, 0)
    assert PhotoPiece.objects.count() == 0
    assert send(phone, named, PICTURE)["state"] == "received"
    stored = Attachment.objects.get()
    answer = piece(phone, named, other, 0, named=sha(PICTURE))
    assert (answer.status_code, answer.json()["state"]) == (200, "received")
    assert Attachment.objects.get().sha256 == stored.sha256 == sha(PICTURE)


@pytest.mark.case("A16")
def test_of_two_photos_one_is_lost_on_the_phone_and_both_pages_say_so(cast: Cast, phone: Phone, home: Home) -> None:
    other = jpeg((300, 200))
    made = with_photos(phone, home(), PICTURE, other)
    told = phone.exchange()
    lost = next(one["id"] for one in told["photos"] if one["sha256"] == sha(other))
    piece(phone, made["id"], other, 0)
    phone.lost = [lost]
    again = phone.exchange()
    assert [one["sha256"] for one in again["photos"]] == [sha(PICTURE)]
    assert PhotoPiece.objects.count() == 0
    phone.exchange()
    assert Event.objects.filter(type="sync.photo.lost").count() == 1
    send(phone, made["id"], PICTURE)
    visit = phone.receipts[made["id"]]["thing"].removeprefix("visit:")
    assert "有 1 张照片在手机上丢了" in cast.client("cadre").get(f"/visits/{visit}/").content.decode()
    assert "有 1 张照片在手机上丢了，或没能收下" in cast.client("cadre").get("/sync/").content.decode()
    # found again after all
    assert send(phone, made["id"], other)["state"] == "received"
    assert len(held(cast)) == 2


@pytest.mark.parametrize("at_once", [True, False], ids=["in one message", "one after the other"])
def test_a_diary_that_was_handed_in_twice_owes_its_photo_once(
    cast: Cast, phone: Phone, home: Home, at_once: bool
) -> None:
    house, visit = home(), str(new_id())
    first = with_photos(phone, house, PICTURE, visit=visit)
    if not at_once:
        phone.exchange()
    second = with_photos(phone, house, PICTURE, visit=visit)
    owed = phone.exchange()["photos"]
    assert phone.outcomes() == ["owed", "owed"]
    assert [one["operation"] for one in owed] == [first["id"]]
    # the phone may name either of them
    assert piece(phone, second["id"], PICTURE, 0).json()["offset"] == PIECE
    assert send(phone, second["id"], PICTURE)["state"] == "received"
    assert phone.exchange()["photos"] == []
    assert len(held(cast)) == 1


def test_of_words_that_were_refused_the_photo_is_kept_until_they_are_taken(
    cast: Cast, phone: Phone, home: Home
) -> None:
    house, visit = home(), str(new_id())
    refused = with_photos(phone, house, PICTURE, visit=visit, text="")
    phone.exchange()
    answer = piece(phone, refused["id"], PICTURE, 0)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_operation")
    again = with_photos(phone, house, PICTURE, visit=visit)
    phone.exchange()
    assert phone.outcomes() == ["refused", "owed"]
    assert send(phone, again["id"], PICTURE)["state"] == "received"
    assert len(held(cast)) == 1


@pytest.mark.parametrize(
    ("schema", "chosen", "seen"), [(3, {}, True), (3, {"with_photos": False}, False), (2, {}, False)]
)
def test_who_handles_the_matter_of_a_diary_sees_its_photos_if_that_was_chosen(
    cast: Cast, phone: Phone, home: Home, schema: int, chosen: dict[str, Any], seen: bool
) -> None:
    matter = {"id": str(new_id()), "title": "屋顶漏雨"} | chosen
    made = with_photos(phone, home(), PICTURE, matter=matter)
    made["schema_number"] = schema
    phone.exchange([made])
    assert send(phone, made["id"], PICTURE)["state"] == "received"
    (photo,) = held(cast)
    # the answer to the last piece was lost
    assert piece(phone, made["id"], PICTURE, 0).json()["state"] == "received"
    page = cast.client("clerk").get(f"/matters/{matter['id']}/").content.decode()
    assert (str(photo.attachment_id) in page) is seen
    with cast.everything():
        assert Evidence.objects.filter(matter=matter["id"], step=None).count() == int(seen)
    told = Event.objects.filter(type="matters.picture.added", subject=f"matter:{matter['id']}")
    assert told.count() == int(seen)


def test_what_is_no_picture_is_told_with_its_reason_and_its_words_stay(cast: Cast, phone: Phone, home: Home) -> None:
    made = with_photos(phone, home(), b"no picture at all" * 300)
    phone.exchange()
    told = send(phone, made["id"], b"no picture at all" * 300)
    assert told["state"] == "refused"
    assert "不是照片" in told["told"]
    assert held(cast) == []
    assert Event.objects.filter(type="sync.photo.refused").count() == 1
    assert phone.outcomes() == ["owed"]


def test_a_photo_that_is_too_large_is_no_reason_to_refuse_the_words(phone: Phone, home: Home) -> None:
    made = phone.write(home(), photos=[{"sha256": sha(b"x"), "size": MOST_PHOTO + 1}])
    made["schema_number"] = 2
    assert phone.exchange()["photos"] == []
    assert phone.outcomes() == ["owed"]
    answer = piece(phone, made["id"], b"x", 0)
    assert (answer.json()["state"], "4 MB" in answer.json()["told"]) == ("refused", True)


@pytest.mark.case("A1")
def test_a_photo_of_a_household_that_went_to_others_is_theirs(cast: Cast, phone: Phone, home: Home) -> None:
    house = home()
    before, after = jpeg((200, 100)), PICTURE
    first = with_photos(phone, house, before)
    phone.exchange()
    with cast.everything() as system:
        Household.objects.filter(pk=house.pk).update(area=cast.far)
        follow_household(household_id=house.pk, area_id=cast.far.pk, by=system)
    second = with_photos(phone, house, after)
    phone.exchange()
    assert phone.outcomes() == ["owed", "handed_over"]
    assert "没送到" in cast.client("far_cadre").get("/sync/").content.decode()
    for made, picture in ((first, before), (second, after)):
        assert send(phone, made["id"], picture)["state"] == "received"
    assert {one.area_id for one in held(cast)} == {cast.far.pk}


@pytest.mark.fault(9)
@pytest.mark.case("A22")
def test_a_closed_phone_hands_in_its_photos_and_nobody_else_does(cast: Cast, phone: Phone, named: str) -> None:
    Device.objects.update(revoked_at=clock.now(), key="")
    other = Phone(cast.client("village_secretary")).register()
    assert piece(other, named, PICTURE, 0).status_code == 404
    assert phone.exchange()["revoked"]
    assert send(phone, named, PICTURE)["state"] == "received"


@pytest.mark.case("A6")
def test_a_server_that_knows_the_words_no_more_lets_the_photo_wait(phone: Phone, named: str) -> None:
    answer = piece(phone, phone.id, PICTURE, 0)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_operation")


def test_of_who_is_erased_no_photo_comes_any_more(cast: Cast, phone: Phone, home: Home) -> None:
    house = home()
    other = jpeg((300, 200))
    made = with_photos(phone, house, PICTURE, other)
    phone.exchange()
    send(phone, made["id"], other)
    piece(phone, made["id"], PICTURE, 0)
    with cast.everything() as by:
        one = Person(cause="test:1", name="张桂芬", resident=house.residents.get().pk, household=house.pk,
                     areas=frozenset({cast.own.id}), alone=True)  # fmt: skip
        assert subjects.erase(person=one, by=by, at=clock.now() + timedelta(seconds=1))
    assert (Photo.objects.count(), PhotoPiece.objects.count(), held(cast)) == (0, 0, [])
    for picture in (PICTURE, other):
        assert piece(phone, made["id"], picture, PIECE).json()["state"] == "gone"


def test_pieces_that_stand_still_are_dropped_and_the_photo_begins_anew(phone: Phone, named: str) -> None:
    piece(phone, named, PICTURE, 0)
    assert drop_old_pieces() == 0
    assert drop_old_pieces(now=clock.now() + PIECES_KEPT + timedelta(minutes=1)) == 1
    assert PhotoPiece.objects.count() == 0
    assert send(phone, named, PICTURE, PIECE)["state"] == "received"


def test_a_photo_that_never_comes_is_not_waited_for_for_ever_and_may_still_come(
    cast: Cast, phone: Phone, named: str
) -> None:
    piece(phone, named, PICTURE, 0)
    by, moved = system_actor("test"), Photo.objects.get().moved_at
    assert give_up_old_photos(by=by, at=moved + AWAITED) == 0
    for given_up in (1, 0):
        assert give_up_old_photos(by=by, at=moved + AWAITED + timedelta(minutes=1)) == given_up
    assert (Photo.objects.get().arrival, PhotoPiece.objects.count()) == ("lost", 0)
    assert Event.objects.filter(type="sync.photo.given_up").count() == 1
    assert phone.exchange()["photos"] == []
    page = cast.client("cadre").get("/sync/").content.decode()
    assert ("还有 1 张照片没送到" in page, "有 1 张照片在手机上丢了，或没能收下" in page) == (False, True)
    assert send(phone, named, PICTURE)["state"] == "received"


def test_no_more_are_begun_at_once_than_can_be_kept(phone: Phone, named: str) -> None:
    one = Photo.objects.get()
    begun = [Photo(entry=one.entry, device=one.device, area=one.area, thing=one.thing, sha256=sha(str(n).encode()),
                   size=9, received=1, named_at=one.named_at, moved_at=one.moved_at)
             for n in range(MOST_BEGUN)]  # fmt: skip
    Photo.objects.bulk_create(begun)
    answer = piece(phone, named, PICTURE, 0)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_begun")
    assert phone.exchange()["photos"][0]["offset"] == 1


@pytest.mark.parametrize(
    ("offset", "data", "kind", "status"),
    [("", b"x", "application/octet-stream", 409), ("-1", b"x", "application/octet-stream", 409),
     ("٣", b"x", "application/octet-stream", 409), ("0", b"x" * (128 * 1024 + 1), "application/octet-stream", 413),
     ("0", b"x", "text/plain", 200), ("9" * 10, b"x", "application/octet-stream", 409)],
)  # fmt: skip
def test_what_is_no_piece_is_not_taken(
    phone: Phone, named: str, offset: str, data: bytes, kind: str, status: int
) -> None:
    answer = phone.client.post(f"/sync/photos/{named}/{sha(PICTURE)}?offset={offset}", data, content_type=kind)
    assert answer.status_code == status
    assert PhotoPiece.objects.count() == 0


def test_how_many_statements_photos_take(phone: Phone, home: Home) -> None:
    """However many a diary names they are one statement; a piece of one takes as many each time."""
    house = home()
    phone.exchange()
    pictures = [jpeg((300 + n, 200)) for n in range(6)]

    def statements(*named: bytes) -> int:
        with_photos(phone, house, *named)
        with CaptureQueriesContext(connection) as queries:
            phone.exchange()
        return len(queries)

    assert statements(pictures[0]) == statements(*pictures[1:])
    made = with_photos(phone, house, PICTURE)
    phone.exchange()
    counts = []
    for n in range(2):
        with CaptureQueriesContext(connection) as queries:
            piece(phone, made["id"], PICTURE, n * 500, length=500)
        counts.append(len(queries))
    assert counts[0] == counts[1] + 1
    assert counts[1] == 13, [one["sql"][:90] for one in queries.captured_queries]
