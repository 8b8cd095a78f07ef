"""Whatever goes wrong, a program is told in its own form: problem+json, or the standard's errors."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from minqing.partners import api as events
from tests.api.conftest import Caller
from tests.cast import Cast

pytestmark = pytest.mark.fault(122)
LARGE = b'{"id": "' + b"x" * (3 * 1024 * 1024) + b'"}'
JSON = "application/json"
# RFC 4151: an authority, a date, and what it names there
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}:problem:[a-z0-9_]+")
# method, address, body, media type, status; the token is sent along
ASKED: list[tuple[str, str, bytes, str, int]] = [
    ("DELETE", "/api/v1/matters", b"", "", 405),
    ("PUT", "/api/v1/matters/1", b"{}", JSON, 405),
    ("PATCH", "/api/v1/openapi.json", b"{}", JSON, 405),
    ("GET", "/api/v1/nothing", b"", "", 404),
    ("GET", "/api/", b"", "", 404),
    ("GET", "/api/v1/matters/none", b"", "", 404),
    ("POST", "/api/v1/matters", b"{", JSON, 400),
    ("POST", "/api/v1/matters", LARGE, JSON, 413),
    ("POST", "/api/v1/matters", b"{}", JSON, 422),
    ("POST", "/api/v1/pictures", b"x", "multipart/form-data", 400),
    ("DELETE", "/partners/events", b"", "", 405),
    ("PUT", "/partners/inbox/hotline", b"{}", JSON, 405),
    ("GET", "/partners/inbox/hotline", b"", "", 405),
    ("GET", "/partners/inbox/", b"", "", 404),
    ("POST", "/partners/inbox/no such/", b"{}", JSON, 404),
    ("POST", "/partners/inbox/nobody", b"{}", JSON, 404),
    ("POST", "/partners/events/more", b"{}", JSON, 404),
    ("POST", "/partners/events", LARGE, JSON, 413),
    ("POST", "/partners/events", b"a=1", "application/x-www-form-urlencoded", 415),
    ("POST", "/partners/events", b"{", JSON, 400),
    ("GET", "/partners/events?after=x", b"", "", 400),
]  # fmt: skip


def wrong_in(answer: Any, status: int) -> str:
    if answer.status_code != status:
        return f"{answer.status_code} {answer.content[:200]!r}"
    if answer["Content-Type"] != "application/problem+json":
        return str(answer["Content-Type"])
    told = answer.json()
    if told["status"] != status or not TAG.fullmatch(told["type"]) or not told["title"] or not told["code"]:
        return str(told)
    if status == 405 and not answer.get("Allow"):
        return "no Allow"
    if "multipart" in told["title"] and "pictures" not in str(answer.request["PATH_INFO"]):
        return str(told["title"])
    return ""


def test_addresses_that_no_person_opens_answer_problems(cast: Cast) -> None:
    caller = Caller(cast, scopes=["matters:read", "matters:report", "events:send", "events:receive"])
    client = Client(raise_request_exception=False)
    wrong = []
    for method, path, body, media, status in ASKED:
        # a browser's Accept changes nothing: nobody opens these in one
        for accept in ("*/*", "text/html"):
            headers = {"Authorization": f"Bearer {caller.token}", "Accept": accept, "Accept-Language": "en"}
            answer = client.generic(method, path, body, content_type=media or "text/plain", headers=headers)
            if told := wrong_in(answer, status):
                wrong.append(f"{method} {path} {accept}: {told}")
    assert not wrong, "\n".join(wrong)


def test_a_fault_of_ours_is_a_problem_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_given: Any) -> None:
        raise ZeroDivisionError

    caller = Caller(cast, scopes=["events:receive", "matters:read"])
    monkeypatch.setattr(events, "bodies_after", broken)
    monkeypatch.setattr("minqing.matters.api.operations.all_codes", broken)
    client = Client(raise_request_exception=False)
    for path in ("/partners/events", "/api/v1/matters"):
        answer = client.get(path, headers={"Authorization": f"Bearer {caller.token}", "Accept": "text/html"})
        assert not wrong_in(answer, 500), path


def test_a_page_tells_a_program_that_asks_for_json(cast: Cast) -> None:
    """Everywhere, by its Accept; a browser goes on getting a page."""
    client = cast.client("clerk")
    asked = [("DELETE", "/matters/", 405), ("GET", "/nowhere/", 404), ("GET", "/operator/", 404)]
    wrong = []
    for method, path, status in asked:
        answer = client.generic(method, path, headers={"Accept": "application/json"})
        if answer.status_code == status and (told := wrong_in(answer, status)):
            wrong.append(f"{method} {path}: {told}")
        page = client.generic(method, path, headers={"Accept": "text/html"})
        if "json" in page["Content-Type"]:
            wrong.append(f"{method} {path}: {page['Content-Type']}")
    assert not wrong, "\n".join(wrong)


def test_open311_keeps_the_standard_s_form(cast: Cast) -> None:
    client = Client(raise_request_exception=False)
    for method, path, status in (
        ("DELETE", "/open311/v2/requests.json", 405), ("GET", "/open311/v2/nothing.json", 404),
        ("GET", "/open311/nothing", 404), ("POST", "/open311/v2/requests.xml", 403),
    ):  # fmt: skip
        answer = client.generic(method, path)
        assert answer.status_code == status, path
        assert answer["Content-Type"].startswith("application/json" if path.endswith("json") else "text/xml"), path
