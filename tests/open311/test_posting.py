"""POST requests: what is taken, how it is answered, and that it is taken once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from minqing.core import clock
from minqing.journal.models import Event
from minqing.matters.models import Evidence, Matter, Reporter, Step
from minqing.org.models import Boundary
from tests.cast import Cast
from tests.files.pictures import jpeg
from tests.open311 import validator
from tests.open311.conftest import ASKING, BASE, CODE, Asker, Sender

pytestmark = pytest.mark.django_db


def only(cast: Cast) -> Matter:
    with cast.everything():
        return Matter.objects.select_related("area", "category").get()


def sentences(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.content.decode()
    rows = validator.read_json(answer.content, validator.ERRORS)
    assert {row["code"] for row in rows} == {status}
    return "\n".join(row["description"] for row in rows)


def test_a_request_becomes_a_matter_and_is_answered_200_with_its_number(cast: Cast, ask: Asker, sender: Sender) -> None:
    answer = ask.post(sender.key, description="路灯不亮\n已经三天", lat="29.5886", long="120.8213")
    (row,) = validator.read_json(answer.content, validator.CREATED)
    matter = only(cast)
    assert (answer.status_code, row["service_request_id"]) == (200, matter.number)
    assert "10" in row["service_notice"]
    assert (matter.channel, matter.category_id, matter.state) == ("open311", CODE, "received")
    assert (matter.title, matter.text, matter.place) == ("路灯不亮", "路灯不亮\n已经三天", "溪边路3号")
    assert (matter.latitude, matter.longitude, matter.datum) == (29.5886, 120.8213, "WGS-84")
    with cast.everything():
        assert Step.objects.get(pk=matter.pk).by == sender.ref
    event = Event.objects.get(type="matters.matter.received")
    assert event.actor == sender.ref
    assert "路灯" not in str(event.data)


def test_xml_answers_with_the_same_elements(cast: Cast, ask: Asker, sender: Sender) -> None:
    answer = ask.post(sender.key, form="xml", description="路灯")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    (row,) = validator.read_xml(answer.content, "service_requests", validator.CREATED)
    assert row["service_request_id"] == only(cast).number
    assert set(row) == {"service_request_id", "service_notice", "account_id"}, "no token: every service is realtime"


def test_the_example_of_the_specification_is_taken_as_it_is_written_there(
    cast: Cast, ask: Asker, sender: Sender
) -> None:
    body = (
        f"api_key={sender.key}&jurisdiction_id=127.0.0.1&service_code=001&lat=37.76524078&long=-122.4212043"
        "&address_string=1234+5th+street&email=smit333%40sfgov.edu&device_id=tt222111&account_id=123456"
        "&first_name=john&last_name=smith&phone=111111111&description=A+large+sinkhole+is+destroying+the+street"
        "&media_url=http%3A%2F%2Ffarm3.static.flickr.com%2F2002%2F2212426634_5ed477a060.jpg"
        "&attribute[WHISPAWN]=123456&attribute[WHISDORN]=COISL001"
    ).replace("service_code=001", f"service_code={CODE}")
    answer = ask.client.post(
        f"{BASE}/requests.xml", body, content_type="application/x-www-form-urlencoded; charset=utf-8"
    )
    assert answer.status_code == 200, answer.content.decode()
    matter = only(cast)
    assert matter.text.startswith("A large sinkhole is destroying the street\n")
    assert matter.place == "1234 5th street"
    with cast.everything():
        reporter = Reporter.objects.get()
    assert (reporter.name, reporter.phone) == ("john smith · smit333@sfgov.edu · 111111111", "")
    assert "tt222111" not in repr(vars(matter)), "what the standard has for tracking devices is not kept"


@pytest.mark.parametrize(
    "place", [{"lat": "29.5", "long": "120.8"}, {"address_string": "溪边路3号"}, {"address_id": "V1"}]
)
def test_one_way_of_telling_the_place_is_enough(cast: Cast, ask: Asker, sender: Sender, place: dict[str, str]) -> None:
    assert ask.made(sender.key, **{"address_string": None} | place)


def test_without_a_place_or_with_half_of_one_it_is_refused(ask: Asker, sender: Sender) -> None:
    told = sentences(ask.post(sender.key, address_string=None), 400)
    assert all(name in told for name in ("lat", "long", "address_string", "address_id"))
    assert "long" in sentences(ask.post(sender.key, address_string=None, lat="29.5"), 400)
    assert "lat" in sentences(ask.post(sender.key, address_string=" ", long="120"), 400)


@pytest.mark.parametrize(("lat", "long"), [("91", "0"), ("0", "181"), ("nan", "0"), ("x", "0"), ("0", "1e400")])
def test_degrees_that_are_none_are_refused_by_name(ask: Asker, sender: Sender, lat: str, long: str) -> None:
    told = sentences(ask.post(sender.key, address_string=None, lat=lat, long=long), 400)
    assert ("lat" if lat != "0" else "long") in told


def test_all_that_is_missing_is_told_at_once(ask: Asker, sender: Sender) -> None:
    told = sentences(ask.post(sender.key, service_code="", address_string=None), 400)
    assert "service_code" in told
    assert "address_string" in told
    assert told.count("\n") == 1


def test_an_unknown_service_is_not_found(cast: Cast, ask: Asker, sender: Sender) -> None:
    assert "service_code" in sentences(ask.post(sender.key, service_code="001"), 404)
    assert "service_code" in sentences(ask.post(sender.key, service_code="transport"), 404)
    with cast.everything():
        assert not Matter.objects.exists()


def test_attributes_are_taken_in_each_of_the_spellings_in_use(cast: Cast, ask: Asker, sender: Sender) -> None:
    attributes = {"attribute[what]": "lamp", "attribute[count]": "2", "attribute[unknown]": "x"}
    ask.made(sender.key, service_code=ASKING, **attributes, **{"attribute[danger][]": ["fall", "dark"]})
    assert only(cast).answers == {"what": "lamp", "count": "2", "danger": ["fall", "dark"]}


def test_numbered_attributes_are_taken_too(cast: Cast, ask: Asker, sender: Sender) -> None:
    numbered = {"attribute[danger][0]": "fall", "attribute[danger][1]": "dark"}
    ask.made(sender.key, service_code=ASKING, **{"attribute[what]": "lid"}, **numbered)
    assert only(cast).answers["danger"] == ["fall", "dark"]


def test_a_required_attribute_without_an_answer_is_named(ask: Asker, sender: Sender) -> None:
    assert "attribute[what]" in sentences(ask.post(sender.key, service_code=ASKING), 400)


@pytest.mark.fault(99)
def test_place_and_required_attribute_are_told_at_once(ask: Asker, sender: Sender) -> None:
    nowhere: dict[str, Any] = {"address_string": None, "description": "长" * 5000}
    told = sentences(ask.post(sender.key, service_code=ASKING, **nowhere), 400)
    for name in ("address_string", "attribute[what]", "description"):
        assert name in told
    outside: dict[str, Any] = {"address_string": None, "lat": "95", "long": "1"}
    told = sentences(ask.post(sender.key, service_code=ASKING, **outside), 400)
    assert "lat" in told
    assert "attribute[what]" in told


@pytest.mark.fault(74)
def test_a_text_of_which_nothing_can_be_seen_is_not_there(cast: Cast, ask: Asker, sender: Sender) -> None:
    told = sentences(ask.post(sender.key, address_string="\u200b\u3164", description="\u2800"), 400)
    assert "address_string" in told
    ask.made(sender.key, description="\u202e路灯\u200b不亮")
    assert only(cast).text == "路灯不亮"


def test_a_wrong_answer_to_what_must_be_answered_is_named(ask: Asker, sender: Sender) -> None:
    wrong = {"attribute[what]": "moon", "attribute[count]": "two"}
    assert "attribute[what]" in sentences(ask.post(sender.key, service_code=ASKING, **wrong), 400)


def test_the_key_is_asked_for_before_anything_else(cast: Cast, ask: Asker, another: Callable[..., Sender]) -> None:
    other = another("figures", scopes=("figures:read",)).key
    for key in ("", "wrong", other, "mq_" + "0" * 5000, "\ud800"[:0] + "密钥"):
        assert "api_key" in sentences(ask.post(key, service_code=""), 403)
    with cast.everything():
        assert not Matter.objects.exists()


def test_the_key_may_come_in_the_address_or_as_a_bearer_token(cast: Cast, ask: Asker, sender: Sender) -> None:
    right = {"service_code": CODE, "address_string": "1"}
    assert ask.client.post(f"{BASE}/requests.json?api_key={sender.key}", right).status_code == 200
    bearer = {"Authorization": f"Bearer {sender.key}"}
    assert ask.client.post(f"{BASE}/requests.json", right | {"address_string": "2"}, headers=bearer).status_code == 200


def test_parameters_in_the_address_are_taken_too_and_those_in_the_body_go_before_them(
    cast: Cast, ask: Asker, sender: Sender
) -> None:
    query = {"api_key": sender.key, "service_code": CODE, "address_string": "1", "description": "路灯"}
    for body, text in (({}, "路灯"), ({"description": "另一盏"}, "另一盏")):
        answer = ask.client.post(f"{BASE}/requests.json", body, query_params=query)
        (row,) = validator.read_json(answer.content, validator.CREATED)
        (told,) = ask.requests(f"/requests/{row['service_request_id']}", api_key=sender.key)
        assert told["description"] == text


def test_an_unknown_service_is_not_found_whatever_else_is_missing(ask: Asker, sender: Sender) -> None:
    assert "service_code" in sentences(ask.post(sender.key, service_code="nope", address_string=None), 404)


def test_a_key_that_asks_too_often_is_told_to_wait(cast: Cast, ask: Asker) -> None:
    from minqing.partners.services import issue_token, register_partner
    from tests.open311.conftest import BY

    partner = register_partner(code="slow", name="慢", area=cast.city, by=BY)
    _token, key = issue_token(partner=partner, label="x", scopes=["open311"], rate=1, burst=2, by=BY)
    statuses = [ask.post(key, address_string=str(n)) for n in range(3)]
    assert [one.status_code for one in statuses] == [200, 200, 429]
    assert int(statuses[2]["Retry-After"]) > 0
    assert validator.read_json(statuses[2].content, validator.ERRORS)[0]["code"] == 429


def test_a_text_of_4000_characters_is_taken_and_a_longer_one_refused(cast: Cast, ask: Asker, sender: Sender) -> None:
    assert "description" in sentences(ask.post(sender.key, description="路" * 4001), 400)
    ask.made(sender.key, description="路" * 4000)
    assert only(cast).text == "路" * 4000


def test_markup_is_a_text_like_any_other(cast: Cast, ask: Asker, sender: Sender) -> None:
    number = ask.made(sender.key, description="<script>alert(1)</script> & ]]>\x0b\x00")
    (row,) = ask.requests(f"/requests/{number}", api_key=sender.key)
    assert row["description"] == "<script>alert(1)</script> & ]]>"


def test_without_a_text_the_service_s_name_is_the_title(cast: Cast, ask: Asker, sender: Sender) -> None:
    ask.made(sender.key)
    assert only(cast).title == "道路"


def test_media_url_is_kept_and_never_fetched(
    cast: Cast, ask: Asker, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    def refuse(*args: Any, **options: Any) -> None:
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket, "create_connection", refuse)
    number = ask.made(sender.key, description="路灯", media_url="http://169.254.169.254/latest?a=1&b=2")
    (row,) = ask.requests(f"/requests/{number}", api_key=sender.key)
    assert row["media_url"] == "http://169.254.169.254/latest?a=1&b=2"
    assert row["description"] == "路灯"


def test_a_media_url_with_other_characters_is_told_as_a_url(cast: Cast, ask: Asker, sender: Sender) -> None:
    number = ask.made(sender.key, media_url="http://example.org/路灯 1.jpg?a=%20")
    (row,) = ask.requests(f"/requests/{number}", api_key=sender.key)
    assert row["media_url"] == "http://example.org/%E8%B7%AF%E7%81%AF%201.jpg?a=%20"


def test_several_media_urls_are_kept_each(cast: Cast, ask: Asker, sender: Sender) -> None:
    urls = ["http://example.org/1.jpg", "http://example.org/2.jpg"]
    number = ask.made(sender.key, description="路灯", media_url=urls)
    (row,) = ask.both(
        f"/requests/{number}", "service_requests", validator.EXTENDED_REQUESTS, extensions="true", api_key=sender.key
    )
    assert (row["description"], row["media_url"]) == ("路灯", urls[0])
    assert row["extended_attributes"]["media_urls"] == urls


def test_pictures_come_along_are_made_anew_and_shown_to_the_sender(cast: Cast, ask: Asker, sender: Sender) -> None:
    photo = SimpleUploadedFile("../../路灯.jpg", jpeg(), content_type="image/jpeg")
    number = ask.made(sender.key, description="路灯", media=photo)
    with cast.everything():
        assert Evidence.objects.get().step_id is None
    (row,) = ask.requests(f"/requests/{number}", api_key=sender.key)
    picture = ask.client.get(row["media_url"])
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert b"CANARY" not in picture.content
    assert ask.client.get(row["media_url"] + "x").status_code == 404
    assert ask.requests(f"/requests/{number}")[0]["media_url"] is None


def test_the_same_again_within_ten_minutes_is_the_same_request(cast: Cast, ask: Asker, sender: Sender) -> None:
    first = ask.made(sender.key, description="路灯")
    assert ask.made(sender.key, description="路灯") == first
    assert ask.made(sender.key, description="路灯", form="json") == first
    assert ask.made(sender.key, description="另一盏") != first
    with cast.everything():
        assert Matter.objects.count() == 2


def test_the_same_again_is_known_across_the_turn_of_ten_minutes_and_not_later(cast: Cast, sender: Sender) -> None:
    from minqing.open311.services import Submission, file_request
    from minqing.partners.queries import actor_of

    by = actor_of(sender.partner)
    sent = Submission(service_code=CODE, digest="x", address_string="1")
    noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    made = [
        file_request(sent=sent, by=by, at=noon + timedelta(minutes=minutes))[0].number
        for minutes in (9, 11, 18, 20, 40)
    ]
    assert made[0] == made[1] == made[2], "nine minutes later, in the next ten minutes of the clock"
    assert len(set(made)) == 3, "eleven and more minutes later it is another one"


def test_two_keys_never_share_a_request(cast: Cast, ask: Asker, sender: Sender, another: Callable[..., Sender]) -> None:
    second = another("second")
    assert ask.made(sender.key, description="路灯") != ask.made(second.key, description="路灯")
    key = {"Idempotency-Key": "abc"}
    assert ask.made(sender.key, headers=key, description="1") != ask.made(second.key, headers=key, description="1")


def test_an_idempotency_key_holds_for_ever(cast: Cast, ask: Asker, sender: Sender) -> None:
    key = {"Idempotency-Key": "0b1c"}
    first = ask.made(sender.key, headers=key, description="路灯")
    with cast.everything():
        Matter.objects.update(received_at=clock.now() - timedelta(days=30))
    assert ask.made(sender.key, headers=key, description="路灯") == first
    assert ask.made(sender.key, headers={"Idempotency-Key": "0b1d"}, description="路灯") != first


@pytest.mark.fault(67)
def test_a_key_with_other_content_is_a_conflict_in_both_formats(cast: Cast, ask: Asker, sender: Sender) -> None:
    key = {"Idempotency-Key": "0b1c"}
    number = ask.made(sender.key, headers=key, description="路灯")
    for end in ("json", "xml"):
        answer = ask.post(sender.key, form=end, headers=key, description="井盖")
        assert answer.status_code == 409, answer.content
        assert b"409" in answer.content
    with cast.everything():
        assert Matter.objects.get().number == number


def bordered(cast: Cast) -> None:
    for area, west in ((cast.own, 120.0), (cast.other, 120.5)):
        ring = [[west, 29], [west + 0.5, 29], [west + 0.5, 30], [west, 30], [west, 29]]
        Boundary.objects.create(area=area, geometry={"type": "Polygon", "coordinates": [ring]})
    ring = [[120, 29], [121, 29], [121, 30], [120, 30], [120, 29]]
    Boundary.objects.create(area=cast.town, geometry={"type": "Polygon", "coordinates": [ring]})


def test_the_area_is_found_from_the_point(cast: Cast, ask: Asker, sender: Sender) -> None:
    bordered(cast)
    ask.made(sender.key, lat="29.5", long="120.7")
    assert only(cast).area == cast.other


def test_a_point_far_outside_of_the_county_is_refused(cast: Cast, ask: Asker, sender: Sender) -> None:
    bordered(cast)
    assert "lat" in sentences(ask.post(sender.key, lat="37.76524078", long="-122.4212043"), 400)


def test_an_area_s_code_may_be_the_address_id(cast: Cast, ask: Asker, sender: Sender) -> None:
    ask.made(sender.key, address_id="V1")
    assert only(cast).area == cast.own


def test_a_key_for_one_township_reports_there_and_nowhere_else(
    cast: Cast, ask: Asker, another: Callable[..., Sender]
) -> None:
    local = another("local", area=cast.town)
    bordered(cast)
    assert "api_key" in sentences(ask.post(local.key, address_id="V3"), 400)
    ask.made(local.key)
    assert only(cast).area == cast.town


def test_a_phone_that_can_be_called_from_here_is_kept_as_one(cast: Cast, ask: Asker, sender: Sender) -> None:
    ask.made(sender.key, first_name="桂芬", last_name="张", phone="138 0013 8000")
    with cast.everything():
        reporter = Reporter.objects.get()
    assert (reporter.name, reporter.phone) == ("张桂芬", "13800138000")


def test_nobody_s_name_is_asked_for(cast: Cast, ask: Asker, sender: Sender) -> None:
    ask.made(sender.key)
    with cast.everything():
        assert not Reporter.objects.exists()
