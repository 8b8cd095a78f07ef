"""Every refusal is in the standard's own form, in the format that was asked for."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory

from minqing.config.refusals import server_error
from tests.cast import Cast
from tests.open311 import validator
from tests.open311.conftest import BASE, CODE, Asker, Sender

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
RESOURCES = ["/discovery", "/services", "/services/road", "/requests", "/requests/MQ-2026-000001-3", "/tokens/1"]


def read(answer: Any, status: int, form: str) -> list[str]:
    assert answer.status_code == status, answer.content.decode()
    if form == "json":
        rows = validator.read_json(answer.content, validator.ERRORS)
    else:
        assert answer["Content-Type"] == "text/xml; charset=utf-8"
        rows = validator.read_xml(answer.content, "errors", validator.ERRORS)
    assert {row["code"] for row in rows} == {status}
    return [row["description"] for row in rows]


@pytest.mark.parametrize("resource", RESOURCES)
def test_another_jurisdiction_is_not_found(cast: Cast, ask: Asker, resource: str) -> None:
    (sentence,) = ask.errors(resource, 404, jurisdiction_id="sfgov.org")
    assert "jurisdiction_id" in sentence


def test_the_jurisdiction_may_be_left_out_and_has_the_names_of_host_and_county(cast: Cast, ask: Asker) -> None:
    for name in (None, "", " ", "127.0.0.1", "C"):
        given = {} if name is None else {"jurisdiction_id": name}
        assert ask.get("/services.xml", **given).status_code == 200
        assert ask.get("/requests.json", **given).status_code == 200


def test_another_jurisdiction_is_not_found_when_posting(cast: Cast, ask: Asker, sender: Sender) -> None:
    assert "jurisdiction_id" in read(ask.post(sender.key, jurisdiction_id="sfgov.org"), 404, "json")[0]


@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_wrong_key_is_refused_for_reading_too(cast: Cast, ask: Asker, form: str) -> None:
    assert "api_key" in read(ask.get(f"/requests.{form}", api_key="wrong"), 403, form)[0]


@pytest.mark.parametrize("path", ["/services.yaml", "/nothing.xml", "/", "/nothing/", "/services.xml.gz", ""])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_what_is_not_there_is_not_found(ask: Asker, path: str, method: str) -> None:
    read(getattr(ask.client, method)(f"{BASE}{path}"), 404, "xml")


def test_unknown_addresses_answer_in_the_format_that_they_name(ask: Asker) -> None:
    read(ask.client.get("/open311/nothing.json"), 404, "json")
    read(ask.client.get("/open311/nothing.xml"), 404, "xml")


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_not_allowed(cast: Cast, ask: Asker, resource: str, method: str) -> None:
    answer = getattr(ask.client, method)(f"{BASE}{resource}.json")
    read(answer, 405, "json")
    assert "GET" in answer["Allow"]


def test_nothing_but_requests_takes_a_post(cast: Cast, ask: Asker, sender: Sender) -> None:
    for resource in RESOURCES:
        if resource != "/requests":
            read(ask.client.post(f"{BASE}{resource}.xml", {"api_key": sender.key}), 405, "xml")


def test_what_the_server_itself_refuses_comes_in_the_same_form(ask: Asker, sender: Sender) -> None:
    read(ask.client.get(f"{BASE}/requests.json?status=%00"), 400, "json")
    read(ask.client.get(f"{BASE}/requests.xml?status=%00"), 400, "xml")
    read(ask.client.post(f"{BASE}/requests.json", b"--x", content_type="multipart/form-data"), 400, "json")
    many = {f"attribute[a{n}]": "1" for n in range(600)}
    read(ask.post(sender.key, **many), 400, "json")
    large = {"service_code": CODE, "description": "x" * 3_000_000}
    answer = ask.client.post(
        f"{BASE}/requests.json", "&".join(f"{k}={v}" for k, v in large.items()),
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    read(answer, 413, "json")


def test_what_is_no_form_or_not_in_utf_8_is_refused_with_its_reason(ask: Asker, sender: Sender) -> None:
    for kind in ("application/json", "text/xml", "text/plain"):
        answer = ask.client.post(f"{BASE}/requests.xml", f"api_key={sender.key}", content_type=kind)
        assert "application/x-www-form-urlencoded" in read(answer, 400, "xml")[0]
    gbk = f"api_key={sender.key}&service_code={CODE}&address_string=1&description=路灯".encode("gbk")
    for body in (gbk, gbk.replace("路灯".encode("gbk"), b"%C2%B7%B5%C6")):
        for charset in ("", "; charset=gbk", "; charset=utf-8"):
            answer = ask.client.generic("POST", f"{BASE}/requests.json", body, FORM + charset)
            assert "UTF-8" in read(answer, 400, "json")[0]


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", "ISO-8859-1", "us-ascii"])
def test_a_form_is_utf_8_whatever_its_header_calls_it(cast: Cast, ask: Asker, sender: Sender, charset: str) -> None:
    body = f"api_key={sender.key}&service_code={CODE}&address_string=1&description=%E8%B7%AF%E7%81%AF"
    answer = ask.client.post(f"{BASE}/requests.json", body, content_type=f"{FORM}; charset={charset}")
    (row,) = validator.read_json(answer.content, validator.CREATED)
    (told,) = ask.requests(f"/requests/{row['service_request_id']}", api_key=sender.key)
    assert told["description"] == "路灯"


def test_a_body_that_breaks_off_is_a_bad_request(ask: Asker) -> None:
    broken = b'--BoUnDaRyStRiNg\r\nContent-Disposition: form-data; name="api_key"\r\n\r\nab'
    kind = "multipart/form-data; boundary=BoUnDaRyStRiNg"
    assert ask.client.post(f"{BASE}/requests.json", broken, content_type=kind).status_code in {400, 403}


def test_a_fault_of_ours_is_told_in_the_standard_s_form() -> None:
    make = RequestFactory().get
    read(server_error(make(f"{BASE}/requests.json")), 500, "json")
    read(server_error(make(f"{BASE}/requests.xml")), 500, "xml")
    assert server_error(make("/matters/"))["Content-Type"].startswith("text/html")


def test_any_page_of_any_site_may_ask(cast: Cast, ask: Asker) -> None:
    for answer in (ask.get("/services.json"), ask.get("/services/x.json"), ask.client.get(f"{BASE}/x")):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    before = ask.client.options(f"{BASE}/requests.json")
    assert before.status_code == 204
    assert {"*", "Authorization", "Idempotency-Key"} <= set(before["Access-Control-Allow-Headers"].split(", "))
    assert "POST" in before["Access-Control-Allow-Methods"]


def test_no_cookie_is_set_and_none_is_asked_for(cast: Cast, sender: Sender) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(f"{BASE}/requests.json", {"api_key": sender.key, "service_code": CODE, "address_string": "1"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_head_answers_as_get_does(cast: Cast, ask: Asker) -> None:
    answer = ask.client.head(f"{BASE}/services.xml")
    assert (answer.status_code, answer.content) == (200, b"")


def test_what_came_with_a_key_is_kept_by_no_cache(cast: Cast, ask: Asker, sender: Sender) -> None:
    assert ask.get("/requests.json", api_key=sender.key)["Cache-Control"] == "no-store"
    assert ask.get("/requests.json")["Cache-Control"] == "no-cache"
