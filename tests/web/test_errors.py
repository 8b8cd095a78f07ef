"""A refusal is answered as it was asked for: page, fragment for HTMX, problem+json."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.test.utils import override_settings
from django.urls import ResolverMatch

from minqing.core.errors import Conflict
from minqing.web import errors
from minqing.web.problem import problem_json

pytestmark = pytest.mark.usefixtures("gallery")


def test_a_refusal_on_a_page_says_its_sentence(client: Client) -> None:
    response = client.get("/refuse/")
    assert response.status_code == 409
    assert "这件事已经办结。" in response.content.decode()
    assert 'lang="zh-hans"' in response.content.decode()


def test_a_refusal_to_htmx_is_an_alert_for_the_top_of_the_page(client: Client) -> None:
    response = client.get("/refuse/", headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert response["HX-Retarget"] == "#alerts"
    assert "<html" not in response.content.decode()
    assert "这件事已经办结。" in response.content.decode()


@pytest.mark.parametrize(
    "request_of", [{"path": "/api/refuse/"}, {"path": "/refuse/", "HTTP_ACCEPT": "application/json"}]
)
def test_a_refusal_to_a_program_is_problem_json(client: Client, request_of: dict[str, Any]) -> None:
    response = client.get(**request_of)
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "tag:testserver,2026:problem:matter_closed",
        "title": "这件事已经办结。",
        "status": 409,
        "code": "matter_closed",
        "data": {"matter": "MQ-1"},
    }


def test_a_problem_can_hold_any_data() -> None:
    body = json.loads(problem_json(Conflict("x", "y", areas={2, 1}, what=object)).content)
    assert body["data"]["areas"] == ["1", "2"]


def test_a_browser_that_accepts_everything_gets_a_page(client: Client) -> None:
    accept = "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8"
    assert "text/html" in client.get("/refuse/", headers={"Accept": accept})["Content-Type"]


@pytest.mark.parametrize("path", ["/nowhere/", "/hide/"])
def test_what_is_not_there_is_404(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "回到首页" in response.content.decode()


@pytest.mark.parametrize(
    "view", [errors.bad_request, errors.refused, errors.not_found, errors.too_large, errors.too_many]
)
def test_every_error_page_helps_in_chinese(view: Any) -> None:
    request = RequestFactory().get("/x/")
    request.htmx = False
    page = view(request).content.decode()
    assert "错误编号" in page
    assert "请" in page


@pytest.mark.parametrize(
    ("name", "speaks"), [("account_login", True), ("account_change_password", True), ("report", False), ("", False)]
)
def test_too_often_speaks_of_passwords_only_where_there_is_one(name: str, speaks: bool) -> None:
    request = RequestFactory().get("/x/")
    request.htmx = False
    request.resolver_match = ResolverMatch(errors.too_many, (), {}, name) if name else None
    response = errors.too_many(request)
    assert ("密码" in response.content.decode(), response["Retry-After"]) == (speaks, "60")


def test_a_refusal_for_being_too_often_says_so_and_when_to_come_again(client: Client) -> None:
    response = client.get("/often/")
    text = response.content.decode()
    assert (response.status_code, "太频繁" in text, "密码" in text) == (429, True, False)
    program = client.get("/often/", headers={"Accept": "application/json"})
    assert (program.json()["code"], program["Retry-After"]) == ("rate_limited", "7")


def test_a_crash_shows_a_page_without_its_cause(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "没有保存" in response.content.decode()
    assert "canary-broken" not in response.content.decode()


def test_a_crash_is_told_even_when_the_templates_are_broken(client: Client, settings: Any) -> None:
    with override_settings(TEMPLATES=[]):
        response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "没有保存" in response.content.decode()


def test_an_expired_form_says_what_to_do() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/send/", {"title": "x"})
    assert response.status_code == 403
    assert "打开太久" in response.content.decode()
    answer = client.post("/send/", {"title": "x"}, headers={"Accept": "application/json"})
    assert answer.json()["code"] == "csrf"
