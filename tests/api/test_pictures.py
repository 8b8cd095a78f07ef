"""Pictures: sent ahead, named in a report or a move, fetched by whoever may see them."""

from __future__ import annotations

import io
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from PIL import Image

from minqing.config.api import document
from minqing.core import clock
from minqing.core.ids import new_id
from minqing.files.models import Attachment
from minqing.matters.models import Evidence
from minqing.matters.services import drop_unused_pictures
from minqing.org.queries import system_actor
from tests.api.conftest import Caller, assigned
from tests.api.test_reading import asked
from tests.cast import Cast
from tests.files.pictures import jpeg, png_bomb, saved


def send(caller: Caller, content: bytes | None = None, *, id: Any = None, name: str = "灯.jpg", **more: Any) -> Any:
    file = SimpleUploadedFile(name, jpeg() if content is None else content, "image/jpeg")
    given = {"id": str(id or new_id()), "picture": file} | more
    return caller.client.post("/api/v1/pictures", given, headers=caller.headers())


def sent(caller: Caller, content: bytes | None = None) -> str:
    answer = send(caller, content)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def pictures_of(caller: Caller, matter: Any) -> list[Any]:
    return list(caller.get(f"/matters/{matter}/pictures").json()["pictures"])


def fetched(caller: Caller, address: str) -> Any:
    return caller.client.get(address, headers=caller.headers())


def test_a_report_with_pictures_is_read_back_with_them(cast: Cast, reporting: Caller) -> None:
    ids = [sent(reporting), sent(reporting, saved("PNG"))]
    answer = reporting.report(pictures=ids)
    assert answer.status_code == 201, answer.content
    matter = answer.json()["id"]
    listed = pictures_of(reporting, matter)
    assert [one["id"] for one in listed] == ids
    assert [one["id"] for one in reporting.get(f"/matters/{matter}").json()["pictures"]] == ids
    assert (listed[0]["width"], listed[0]["height"], listed[0]["step"]) == (400, 300, None)
    whole, small = fetched(reporting, listed[0]["url"]), fetched(reporting, listed[0]["thumbnail"])
    assert whole["Content-Type"] == small["Content-Type"] == "image/jpeg"
    assert whole["Content-Disposition"].startswith("attachment")
    assert len(whole.content) == listed[0]["size"]
    assert Image.open(io.BytesIO(small.content)).size == (320, 240)


@pytest.mark.fault(20)
def test_where_and_with_what_a_picture_was_taken_is_not_kept(cast: Cast, reporting: Caller) -> None:
    matter = reporting.report(pictures=[sent(reporting)]).json()["id"]
    whole = fetched(reporting, pictures_of(reporting, matter)[0]["url"]).content
    assert b"CANARY" not in whole
    assert not Image.open(io.BytesIO(whole)).getexif()


@pytest.mark.parametrize(("move", "field"), [("act", "text"), ("finish", "reply")])
def test_a_reply_carries_pictures_that_its_reporter_reads(
    cast: Cast, caller: Caller, reporting: Caller, move: str, field: str
) -> None:
    matter = reporting.report().json()["id"]
    with cast.everything():
        from minqing.matters.models import Matter

        found = Matter.objects.get(pk=matter)
    assigned(cast, found)
    assert caller.move(matter, "accept").status_code == 200
    step, picture = str(new_id()), sent(caller)
    for _twice in range(2):
        answer = caller.move(matter, move, id=step, pictures=[picture], **{field: "换了灯泡。"})
        assert answer.status_code == 200, answer.content
    for who in (caller, reporting):
        assert [(one["id"], one["step"]) for one in pictures_of(who, matter)] == [(picture, step)]
        assert fetched(who, pictures_of(who, matter)[0]["url"]).status_code == 200


def test_a_picture_of_an_internal_step_is_for_those_who_handle_the_matter(
    cast: Cast, caller: Caller, reporting: Caller
) -> None:
    from minqing.matters.models import Matter

    matter = reporting.report().json()["id"]
    with cast.everything():
        found = Matter.objects.get(pk=matter)
    assigned(cast, found)
    caller.move(matter, "accept")
    picture = sent(caller)
    assert caller.move(matter, "act", text="内部", public=False, pictures=[picture]).status_code == 200
    assert [one["id"] for one in pictures_of(caller, matter)] == [picture]
    assert pictures_of(reporting, matter) == []
    assert reporting.get(f"/matters/{matter}").json()["pictures"] == []
    assert reporting.get(f"/matters/{matter}/pictures/{picture}").status_code == 404


def test_a_picture_is_not_there_for_who_may_not_see_it(cast: Cast, caller: Caller, reporting: Caller) -> None:
    """Whoever only sees the matter, whoever does not even do that, and under another matter's address."""
    picture = sent(reporting)
    matter, other = (reporting.report(**values).json()["id"] for values in ({"pictures": [picture]}, {}))
    far = Caller(cast, "far", name="邻县", unit=None, area=cast.far)
    looking = Caller(cast, "look", name="看", unit=None)
    assert pictures_of(looking, matter) == []
    for who, key in ((looking, matter), (far, matter), (reporting, other), (reporting, new_id())):
        answer = who.get(f"/matters/{key}/pictures/{picture}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert reporting.get(f"/matters/{matter}/pictures/x").status_code == 404
    assert far.get(f"/matters/{matter}/pictures").status_code == 404


def test_the_same_id_is_the_same_picture_and_another_id_another_one(cast: Cast, reporting: Caller) -> None:
    id = new_id()
    first, again, other = send(reporting, id=id), send(reporting, id=id), send(reporting)
    assert [one.status_code for one in (first, again, other)] == [201, 200, 201]
    assert first.json() == again.json()
    changed = send(reporting, saved("PNG"), id=id)
    assert (changed.status_code, changed.json()["code"]) == (409, "request_used")
    # the same bytes: the id stays the sender's own all the same
    assert other.json()["id"] != first.json()["id"]
    assert Attachment.objects.count() == 2


def test_nobody_names_a_picture_that_somebody_else_sent(cast: Cast, caller: Caller, reporting: Caller) -> None:
    theirs = sent(caller)
    for ids in ([theirs], [str(new_id())]):
        answer = reporting.report(pictures=ids)
        assert (answer.status_code, [one["code"] for one in answer.json()["unusable"]]) == (201, ["unknown_picture"])
    assert not Evidence.objects.exists()
    taken = send(reporting, id=theirs)
    assert (taken.status_code, taken.json()["code"]) == (409, "picture_id_taken")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "picture_empty"),
        (b"<script>", "picture_unreadable"),
        (b"\0\0\0\x18ftypheic", "picture_heic"),
        (saved("GIF"), "picture_unreadable"),
        (png_bomb(), "picture_too_many_pixels"),
    ],
)
def test_what_is_no_usable_picture_is_refused_as_on_the_pages(
    cast: Cast, reporting: Caller, content: bytes, code: str
) -> None:
    answer = send(reporting, content)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.content
    assert not Attachment.objects.exists()


def test_a_picture_over_twenty_megabytes_is_refused(cast: Cast, reporting: Caller) -> None:
    answer = send(reporting, jpeg() + b"\0" * (20 * 1024 * 1024))
    assert (answer.status_code, answer.json()["code"]) == (422, "picture_too_big")


def test_a_form_that_cannot_be_right_is_told_what_is_wrong(cast: Cast, reporting: Caller) -> None:
    assert send(reporting, id="x").json()["data"]["fields"][0]["field"] == "id"
    assert send(reporting, more="x").json()["data"] == {"names": ["more"]}
    lacking = reporting.client.post("/api/v1/pictures", {"id": str(new_id())}, headers=reporting.headers())
    assert [one["field"] for one in lacking.json()["data"]["fields"]] == ["picture"]
    for body, media in ((b"--x\r\nbroken", "multipart/form-data; boundary=x"), (b"x", "multipart/form-data")):
        answer = reporting.client.post("/api/v1/pictures", body, content_type=media, headers=reporting.headers())
        assert answer.status_code in {400, 422}, answer.content
        assert answer["Content-Type"] == "application/problem+json"
    seven = reporting.report(pictures=[str(new_id()) for _seven in range(7)])
    assert (seven.status_code, seven.json()["data"]["fields"][0]["field"]) == (422, "pictures")


def test_a_token_that_only_reads_sends_no_picture(cast: Cast) -> None:
    answer = send(Caller(cast, scopes=["matters:read"]))
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize("pictures", [1, 3])
def test_pictures_cost_the_same_few_statements_however_many(cast: Cast, reporting: Caller, pictures: int) -> None:
    matter = reporting.report(pictures=[sent(reporting) for _one in range(pictures)]).json()["id"]
    pictures_of(reporting, matter)
    with CaptureQueriesContext(connection) as listing:
        found = pictures_of(reporting, matter)
    with CaptureQueriesContext(connection) as reading:
        fetched(reporting, found[0]["url"])
    assert len(found) == pictures
    # the token's three; who acts, editions, the matter, its pictures; the file's row
    assert len(asked(listing)) == 7, "\n".join(asked(listing))
    assert len(asked(reading)) == 8, "\n".join(asked(reading))


def test_pictures_named_nowhere_go_after_a_week(cast: Cast, reporting: Caller) -> None:
    kept, lost, fresh = sent(reporting), sent(reporting), sent(reporting)
    reporting.report(pictures=[kept])
    Attachment.objects.exclude(pk=fresh).update(stored_at=clock.now() - timedelta(days=8))
    assert drop_unused_pictures(by=system_actor("matters.drop_pictures")) == 1
    assert {str(one) for one in Attachment.objects.values_list("pk", flat=True)} == {kept, fresh}
    assert lost


def test_the_document_tells_how_pictures_are_sent_and_fetched() -> None:
    paths = document()["paths"]
    assert set(paths["/api/v1/pictures"]["post"]["requestBody"]["content"]) == {"multipart/form-data"}
    one = paths["/api/v1/matters/{name}/pictures/{picture}"]["get"]["responses"]
    assert set(one[200]["content"]) == {"image/jpeg"}


def test_the_same_picture_sent_twice_at_the_same_moment_is_kept_once(committed_cast: Cast) -> None:
    caller = Caller(committed_cast)
    id, barrier = new_id(), threading.Barrier(2)
    statuses: list[int] = []

    def both() -> None:
        barrier.wait()
        statuses.append(send(caller, id=id).status_code)
        connections.close_all()

    threads = [threading.Thread(target=both) for _two in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 201}, statuses
    with transaction.atomic(), committed_cast.everything():
        assert Attachment.objects.count() == 1
        assert not Evidence.objects.exists()


@pytest.mark.fault(120)
def test_a_second_picture_of_one_form_is_refused_aloud(cast: Cast, reporting: Caller) -> None:
    files = [SimpleUploadedFile(f"{n}.jpg", jpeg()) for n in range(2)]
    answer = reporting.client.post(
        "/api/v1/pictures", {"id": str(new_id()), "picture": files}, headers=reporting.headers()
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "one_picture")
