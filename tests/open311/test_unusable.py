"""What a client sends beside the needed is taken under any of its names, and told where it cannot be used."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from minqing.matters.models import Evidence, Matter, Reporter, Step
from tests.cast import Cast
from tests.files.pictures import jpeg
from tests.open311.conftest import ASKING, BASE, Asker, Sender


def photo(n: int = 0) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{n}.jpg", jpeg((20 + n, 20)), content_type="image/jpeg")


def fake() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", b"<html>", content_type="image/jpeg")


def notice(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()
    return str(json.loads(answer.content)[0]["service_notice"])


def last(cast: Cast) -> tuple[Matter, str, int]:
    """The newest matter, the notes with it, and how many pictures."""
    with cast.everything():
        matter = Matter.objects.order_by("-received_at", "-id")[0]
        notes = "\n".join(Step.objects.filter(matter=matter, move="note").values_list("text", flat=True))
        return matter, notes, Evidence.objects.filter(matter=matter).count()


@pytest.mark.fault(120)
def test_files_are_pictures_whatever_they_are_called(cast: Cast, ask: Asker, sender: Sender) -> None:
    """FixMyStreet's upload_files are photo1, photo2; others write media, media[], photo, file, picture[0]."""
    sent: list[dict[str, Any]] = [
        {"photo1": photo(1), "photo2": photo(2)}, {"media": photo(3), "photo1": photo(4)}, {"photo": photo(5)},
        {"media[]": [photo(6), photo(7)]}, {"media_url": photo(8)}, {"picture[0]": photo(9), "file": photo(10)},
    ]  # fmt: skip
    wrong = []
    for n, files in enumerate(sent):
        told = notice(ask.post(sender.key, description=f"路灯{n}", **files))
        count = sum(len(one) if isinstance(one, list) else 1 for one in files.values())
        if last(cast)[2] != count or any(name in told for name in files):
            wrong.append(f"{[*files]}: {last(cast)[2]} pictures, {told}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.fault(120)
def test_so_are_those_of_an_update_whatever_it_comes_to(cast: Cast, ask: Asker, sender: Sender) -> None:
    number = ask.made(sender.key, description="路灯")
    for n, status in enumerate(["", "OPEN", "CLOSED"]):
        given = {"api_key": sender.key, "service_request_id": number, "description": f"还有{n}", "status": status,
                 "photo1": photo(n), "photo2": photo(n + 10)}  # fmt: skip
        for _twice in range(2):
            answer = ask.client.post(
                f"{BASE}/servicerequestupdates.json", given | {"photo1": photo(n), "photo2": photo(n + 10)}
            )
            assert answer.status_code == 200, answer.content
        assert last(cast)[2] == 2 * (n + 1)


@pytest.mark.fault(120)
def test_addresses_of_pictures_are_taken_under_each_of_their_names(cast: Cast, ask: Asker, sender: Sender) -> None:
    url = "https://pics.example/1.jpg"
    for name in ("media_url", "media_url[]", "media_urls", "media_urls[]"):
        ask.made(sender.key, description=f"路灯{name}", **{name: [url, url + "?2"]})
        text = last(cast)[0].text
        assert (url in text, url + "?2" in text) == (True, True), name


@pytest.mark.fault(120)
def test_a_parameter_that_nobody_knows_is_told_and_kept(cast: Cast, ask: Asker, sender: Sender) -> None:
    told = notice(
        ask.post(sender.key, service_code="road", remark="小心狗", **{"attribute[report_url]": "https://f/1"})
    )
    assert ("remark" in told, "attribute[report_url]" in told) == (True, True)
    _matter, notes, _pictures = last(cast)
    assert ("小心狗" in notes, "https://f/1" in notes) == (True, True)
    told = notice(ask.post(sender.key, description="nothing more", account_id="7", device_id="x", empty=" "))
    assert not {"account_id", "device_id", "empty"} & set(told.split())


@pytest.mark.fault(117)
def test_what_need_not_be_there_never_refuses_a_request(cast: Cast, ask: Asker, sender: Sender) -> None:
    """The parameter, whether its value is in a note, and what of it stays."""
    given: list[tuple[dict[str, Any], str, str]] = [
        ({"media": fake()}, "media", ""),
        ({"photo1": fake(), "photo2": photo()}, "photo1", ""),
        ({"media": [photo(n) for n in range(7)]}, "media", ""),
        ({"lat": "north", "long": "0"}, "lat", "north"),
        ({"lat": "29.5"}, "lat", "29.5"),
        ({"title": "路" * 300}, "title", "路" * 300),
        ({"address_string": "路" * 300}, "address_string", "路" * 300),
        ({"email": "a" * 100}, "email", ""),
        ({"first_name": "张" * 100, "phone": "1" * 40}, "phone", ""),
        ({"service_code": ASKING, "attribute[what]": "lamp", "attribute[count]": "two"}, "attribute[count]", "two"),
    ]
    wrong = []
    for n, (values, name, kept) in enumerate(given):
        answer = ask.post(sender.key, description=f"路灯{n}", **values)
        if answer.status_code != 200 or name not in notice(answer) or kept not in last(cast)[1]:
            wrong.append(f"{name}: {answer.content.decode()} {last(cast)[1] if n else ''}")
    assert not wrong, "\n".join(wrong)
    with cast.everything():
        assert Matter.objects.count() == len(given)
        # who somebody is stands in no note
        assert not Step.objects.filter(text__contains="a" * 60).exists()


@pytest.mark.fault(117)
def test_a_phone_that_is_none_stands_beside_the_name(cast: Cast, ask: Asker, sender: Sender) -> None:
    ask.made(sender.key, first_name="桂芬", last_name="张", phone="未知")
    with cast.everything():
        assert Reporter.objects.get().name == "张桂芬 · 未知"
