"""Discovery, the list of services, and what each of them asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from minqing.matters.models import Category
from minqing.matters.questions import KINDS
from tests.cast import Cast
from tests.open311 import validator
from tests.open311.conftest import ASKING, BASE, Asker

pytestmark = pytest.mark.django_db


def test_discovery_is_there_in_both_formats_beside_the_endpoint_and_below_it(cast: Cast, ask: Asker) -> None:
    told = ask.both("/discovery", "discovery", validator.DISCOVERY)
    (endpoint,) = told["endpoints"]
    assert endpoint["url"] == "http://testserver/open311/v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert endpoint["type"] == "production"
    for form in ("xml", "json"):
        assert ask.client.get(f"/open311/discovery.{form}").content == ask.get(f"/discovery.{form}").content


def test_discovery_says_whom_to_ask(ask: Asker, settings: Any) -> None:
    settings.OPEN311 = settings.OPEN311 | {"contact": "open311@example.org"}
    told = ask.both("/discovery", "discovery", validator.DISCOVERY)
    assert told["contact"] == "open311@example.org"
    assert "open311@example.org" in told["key_service"]


def test_a_made_up_county_is_a_test_endpoint(ask: Asker, settings: Any) -> None:
    settings.DEMO = True
    assert ask.both("/discovery", "discovery", validator.DISCOVERY)["endpoints"][0]["type"] == "test"


def test_services_are_the_categories_that_have_none_below_them(ask: Asker) -> None:
    rows = ask.both("/services", "services", validator.SERVICES)
    parents = set(Category.objects.filter(children__retired=False).values_list("code", flat=True))
    leaves = set(Category.objects.filter(retired=False).values_list("code", flat=True)) - parents
    assert {one["service_code"] for one in rows} == leaves
    assert len(rows) == len(leaves), "each once"
    (road,) = [one for one in rows if one["service_code"] == "road"]
    assert (road["service_name"], road["group"], road["type"]) == ("道路", "交通运输", "realtime")
    assert road["keywords"].split(", ")[:2] == ["道路", "公路"]
    assert "10" in road["description"], "the usual deadline"


def test_a_first_level_without_children_is_a_service_and_its_own_group(ask: Asker) -> None:
    Category.objects.create(code="other", name="其他")
    rows = ask.both("/services", "services", validator.SERVICES)
    assert [one["group"] for one in rows if one["service_code"] == "other"] == ["其他"]


def test_metadata_is_true_exactly_where_something_is_asked(ask: Asker) -> None:
    for row in ask.both("/services", "services", validator.SERVICES):
        path = f"/services/{row['service_code']}"
        told = ask.both(path, "service_definition", validator.DEFINITION)
        assert told["service_code"] == row["service_code"]
        assert bool(told["attributes"]) == row["metadata"]


def test_a_definition_tells_every_attribute_in_order(ask: Asker) -> None:
    told = ask.both(f"/services/{ASKING}", "service_definition", validator.DEFINITION)
    what, count, danger = told["attributes"]
    assert [one["order"] for one in told["attributes"]] == [1, 2, 3]
    assert (what["code"], what["datatype"], what["required"], what["variable"]) == (
        "what", "singlevaluelist", True, True,
    )  # fmt: skip
    assert what["values"][0] == {"key": "lamp", "name": "路灯"}
    assert (count["datatype"], count["required"], count["values"]) == ("number", False, [])
    assert count["datatype_description"] == "一盏灯、一个井盖算一处"
    assert danger["datatype"] == "multivaluelist"


def test_all_kinds_of_attributes_are_told(ask: Asker) -> None:
    values = [{"key": "a", "name": "甲"}]
    questions = [{"code": kind, "kind": kind, "text": kind, "values": values} for kind in KINDS]
    questions.append({"code": "note", "kind": "text", "text": "请拨110", "variable": False})
    Category.objects.create(code="all", name="全部", questions=questions)
    told = ask.both("/services/all", "service_definition", validator.DEFINITION)["attributes"]
    assert {one["datatype"] for one in told} == validator.DATATYPES
    assert [one["code"] for one in told if one["values"]] == ["singlevaluelist", "multivaluelist"]
    assert [one["code"] for one in told if not one["variable"]] == ["note"]
    assert all(one["datatype_description"] for one in told), "validators in use read it as text"


def test_an_unknown_a_retired_and_a_grouping_code_are_not_found(ask: Asker) -> None:
    Category.objects.create(code="old", name="旧", retired=True)
    for code in ("nothing", "old", "transport", "路", "a/b"):
        (sentence,) = ask.errors(f"/services/{code}", 404)
        assert "service_code" in sentence


def test_a_definition_without_a_code_is_a_bad_request(ask: Asker) -> None:
    (sentence,) = ask.errors("/services/", 400)
    assert "service_code" in sentence


@pytest.mark.parametrize("path", ["/services", "/services/", f"/services/{ASKING}", "/discovery/", "/requests/"])
def test_without_a_suffix_the_accept_header_names_the_format_and_xml_is_the_rule(ask: Asker, path: str) -> None:
    for accept, form in (
        (None, "xml"), ("*/*", "xml"), ("application/xml", "xml"), ("text/html, */*;q=0.8", "xml"),
        ("image/png", "xml"), ("application/json", "json"), ("application/json, text/plain, */*", "json"),
        ("application/json;q=0.5, text/xml", "xml"),
    ):  # fmt: skip
        answer = ask.client.get(f"{BASE}{path}", headers={"Accept": accept} if accept else {})
        assert answer.status_code == 200
        assert form in answer["Content-Type"], accept
        assert "Accept" in answer["Vary"].split(", ")


def test_a_slash_after_the_suffix_does_no_harm_and_the_suffix_goes_before_the_header(ask: Asker) -> None:
    for path in ("/services.json/", f"/services/{ASKING}.json/", "/requests.json/?status=open", "/discovery.json"):
        answer = ask.client.get(f"{BASE}{path}", headers={"Accept": "text/xml"})
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json; charset=utf-8")


def test_services_are_made_anew_only_when_the_categories_changed(ask: Asker) -> None:
    def statements() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert ask.get("/services.json").status_code == 200
        return [one["sql"] for one in queries if "matters_category" in one["sql"]]

    assert len(statements()) == 2
    assert len(statements()) == 1, "only the version is asked for"
    Category.objects.create(code="new", name="新", version=4)
    assert len(statements()) == 2
    assert "新" in ask.get("/services.json").content.decode()


def test_sentences_come_in_the_language_that_was_asked_for() -> None:
    for language, days in (("zh-CN", "个工作日"), ("en", "working days")):
        answer = Client(headers={"Accept-Language": language}).get(f"{BASE}/services.json")
        assert days in answer.content.decode()
    assert "working days" in Client().get(f"{BASE}/services.json", {"locale": "en"}).content.decode()
    assert "个工作日" in Client().get(f"{BASE}/services.json", {"locale": "xx"}).content.decode()
