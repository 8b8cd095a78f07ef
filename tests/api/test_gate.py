"""Scopes × operations, privacy, and what no body may bring about: a fault of ours."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minqing.config.api import PREFIX, document
from minqing.core import clock
from minqing.core.ids import new_id
from minqing.matters.enums import PartState, State
from minqing.matters.models import Category, Confirmation, Extension, Matter, Part, Reporter, Step, Supervision
from minqing.matters.schemas.exposure import ALWAYS, FIELDS
from minqing.privacy.periods import Quarter
from tests.api.conftest import SCOPES, Caller, assigned
from tests.cast import Cast

DOCUMENT = document()
OPERATIONS = [(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods]
# a form of many parts, see test_pictures.py
PICTURES = "/api/v1/pictures"
MOVES = [path for path, method in OPERATIONS if "/moves/" in path]


def scopes_of(path: str, method: str) -> set[str]:
    """As the document tells them."""
    told = DOCUMENT["paths"][path][method]["description"]
    if "Scope: any" in told:
        return set(SCOPES)
    return set(re.findall(r"`([a-z:]+)`", told.rpartition("Scope: ")[2]))


def query_of(path: str) -> str:
    return f"?by=state&{urlencode(former_quarter())}" if path.endswith("/figures") else ""


def send(client: Client, path: str, method: str, *, name: str, token: str = "", body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    given = {"data": json.dumps(body or {}), "content_type": "application/json"} if method == "post" else {}
    return getattr(client, method)(path.replace("{name}", name) + query_of(path), headers=headers, **given)


@pytest.fixture
def tokens(cast: Cast) -> dict[str, Caller]:
    """A token for each scope alone, and for one that opens nothing here."""
    every = [*SCOPES, "events:send"]
    return {scope: Caller(cast, f"p{n}", name="p", scopes=[scope]) for n, scope in enumerate(every)}


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_each_operation_opens_to_its_scope_alone(cast: Cast, tokens: dict[str, Caller], path: str, method: str) -> None:
    opening = scopes_of(path, method)
    assert opening, "the document says which scope"
    far = str(cast.matter(cast.far).pk)
    client = Client(raise_request_exception=False)
    nobody = send(client, path, method, name=far)
    assert (nobody.status_code, nobody.json()["code"]) == (401, "token_unknown")
    assert nobody["WWW-Authenticate"].startswith("Bearer")
    for scope, caller in tokens.items():
        answer = send(client, path, method, name=far, token=caller.token)
        code = answer.json().get("code")
        if scope not in opening:
            assert (answer.status_code, code) == (403, "scope_missing"), scope
        elif method == "post":
            # the empty body is looked at only behind the gate
            assert (answer.status_code, code) == (422, "invalid"), scope
        else:
            # somebody else's matter is not there
            assert answer.status_code == (404 if "{name}" in path else 200), scope


@pytest.mark.parametrize("path", MOVES)
def test_another_area_s_matter_is_not_there_for_any_move(cast: Cast, caller: Caller, path: str) -> None:
    far = str(cast.matter(cast.far).pk)
    name = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = DOCUMENT["components"]["schemas"][name.rpartition("/")[2]]
    fitting = {"id": str(new_id()), "part": str(new_id()), "days": 1, "until": "2026-12-01", "unit": "U1",
               "proposed": "U1"}  # fmt: skip
    body = {field: fitting.get(field, "other") for field in schema.get("required", [])}
    if path.endswith("suspend"):
        body["reason"] = "season"
    answer = send(caller.client, path, "post", name=far, token=caller.token, body=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), answer.content


def test_no_session_opens_it(cast: Cast) -> None:
    for role in ("leader", "operator", "clerk"):
        for path, method in OPERATIONS[:3]:
            assert send(cast.client(role), path, method, name="x").status_code == 401


@pytest.mark.django_db
def test_the_document_is_there_for_everybody_and_loads_nothing_from_elsewhere() -> None:
    answer = Client().get(f"{PREFIX}openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"] == "3.1.0"
    for nothing in ("", "docs", "redoc"):
        missing = Client().get(PREFIX + nothing)
        assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")


def test_each_operation_is_documented_with_the_body_that_it_takes() -> None:
    """Two bodies of one name would stand for each other in the document."""
    told = Client().get(f"{PREFIX}openapi.json").json()
    bodies = {
        path: operation["post"]["requestBody"]["content"].popitem()[1]["schema"]["$ref"].rsplit("/", 1)[1]
        for path, operation in told["paths"].items()
        if "requestBody" in operation.get("post", {}) and "pictures" not in path
    }
    assert len(set(bodies.values())) == len(bodies)
    taken = told["components"]["schemas"][bodies[f"{PREFIX}matters"]]
    assert {"text", "area", "reporter", "confidential", "objection", "pictures"} <= taken["properties"].keys()


def test_other_methods_are_told_which_ones_there_are(cast: Cast, caller: Caller) -> None:
    answer = caller.client.delete(f"{PREFIX}matters", headers=caller.headers())
    assert answer.status_code == 405
    assert answer.json()["code"] == "method"
    assert "GET" in answer["Allow"]


def test_too_many_calls_are_told_when_to_come_again(cast: Cast) -> None:
    from minqing.partners.services import issue_token
    from tests.partners.conftest import SYSTEM

    caller = Caller(cast)
    with transaction.atomic():
        caller.token = issue_token(
            partner=caller.partner, label="", scopes=["matters:read"], rate=1, burst=1, by=SYSTEM
        )[1]
    assert caller.get("/units").status_code == 200
    answer = caller.get("/units")
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert int(answer["Retry-After"]) >= 1


def planted(cast: Cast, *, unit: Any, outside_number: str | None = None) -> Matter:
    """A matter with a canary in every field that tells of somebody."""
    now = clock.now()
    words = {"title": "CANARY-TITLE", "text": "CANARY-TEXT", "place": "CANARY-PLACE", "answers": {"a": "CANARY-ANSWER"}}
    one = assigned(cast, unit=unit, supporting=[], **words, latitude=29.123456, longitude=120.1, datum="WGS-84",
                   outside_number=outside_number, channel="partner")  # fmt: skip
    with cast.everything():
        Reporter.objects.create(matter=one, name="CANARY-NAME", phone="CANARY-PHONE", contact="CANARY-CONTACT")
        for public in (True, False):
            Step.objects.create(matter=one, move="act", state=one.state, at=now, by="CANARY-BY", by_name="CANARY-CADRE",
                                text="CANARY-STEP", aside="CANARY-ASIDE", public=public)  # fmt: skip
        Confirmation.objects.create(matter=one, solved=True, text="CANARY-WORD", at=now, by="CANARY-BY")
        Part.objects.create(matter=one, unit=cast.committee, state=PartState.REPLIED, task="CANARY-TASK",
                            reply="CANARY-REPLY", asked_at=now, replied_at=now)  # fmt: skip
        Supervision.objects.create(matter=one, rhythm="", order="CANARY-ORDER", ordered_at=now)
        Extension.objects.create(matter=one, clock=one.clocks.first(), more="1d", reason="CANARY-REASON",
                                 asked_at=now, asked_by="user:x")  # fmt: skip
    return one


@pytest.mark.fault(20)
def test_who_neither_reported_nor_handles_is_told_nothing_of_anybody(cast: Cast, reporting: Caller) -> None:
    one = planted(cast, unit=cast.bureau, outside_number="hotline:CANARY-NUMBER")
    merged = planted(cast, unit=cast.office)
    with cast.everything():
        Matter.objects.filter(pk=merged.pk).update(cause=one)
    for path in (f"/matters/{one.pk}", "/matters", "/figures?by=area", "/categories", "/areas", "/units"):
        answer = reporting.get(path)
        assert answer.status_code == 200, answer.content
        assert "CANARY" not in answer.content.decode(), path
        assert "29.123456" not in answer.content.decode(), path
    # nor may a search say in which matter a word stands
    assert reporting.get("/matters", text="CANARY").json()["matters"] == []


def test_who_handles_is_told_what_it_works_with_and_never_the_secrets(cast: Cast, caller: Caller) -> None:
    one = planted(cast, unit=cast.bureau)
    shown = caller.get(f"/matters/{one.pk}").content.decode()
    seen = set(re.findall(r"CANARY-([A-Z]+)", shown))
    assert seen == {"TITLE", "TEXT", "PLACE", "ANSWER", "STEP", "ASIDE", "CADRE", "WORD", "TASK", "REPLY", "ORDER",
                    "REASON"}  # fmt: skip


def test_who_reported_is_told_what_a_reporter_reads(cast: Cast, reporting: Caller) -> None:
    one = planted(cast, unit=cast.bureau, outside_number="brain:CANARY-NUMBER")
    with cast.everything():
        by = f"partner:{reporting.partner.pk}"
        Step.objects.create(id=one.pk, matter=one, move="receive", state="received", at=clock.now(), by=by)
    shown = reporting.get(f"/matters/{one.pk}").content.decode()
    assert set(re.findall(r"CANARY-([A-Z]+)", shown)) == {"TITLE", "TEXT", "PLACE", "ANSWER", "STEP", "WORD", "NUMBER"}
    assert len([row for row in json.loads(shown)["steps"] if not row["public"]]) == 0


def test_the_class_of_a_field_decides_whether_it_may_be_null() -> None:
    for name in ("MatterRow", "MatterDetail"):
        shape = DOCUMENT["components"]["schemas"][name]["properties"]
        for field in FIELDS:
            assert field.privacy != "sensitive", field.name
            if field.name in shape and field.privacy not in ALWAYS:
                assert {"type": "null"} in shape[field.name]["anyOf"], field.name


def former_quarter() -> dict[str, str]:
    """The days of the last quarter that is over."""
    quarter = Quarter.of(clock.today()).former
    return {"since": quarter.first.isoformat(), "until": quarter.last.isoformat()}


def in_it() -> Any:
    return clock.now() - (clock.today() - date.fromisoformat(former_quarter()["until"]))


def test_a_token_for_figures_alone_is_told_no_small_count(cast: Cast) -> None:
    assigned(cast)
    alone, both = Caller(cast, "a", scopes=["figures:read"]), Caller(cast, "b")
    with cast.everything():
        Matter.objects.update(received_at=in_it())
    assert alone.get("/figures", by="area", **former_quarter()).json()["rows"][0] | {"label": ""} == {
        "key": "V1", "label": "", "received": None, "open": None, "red": None,
    }  # fmt: skip
    assert both.get("/figures", by="unit").json()["rows"][0]["received"] == 1
    assert both.get("/figures", by="unit").json()["rows"][0]["key"] == "U2"


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("", ""), ("2026-04-01", ""), ("", "2026-06-30"), ("2026-04-01", "2026-06-29"), ("2026-04-02", "2026-06-30"),
        ("2026-04-01", "2026-04-30"), ("2026-01-01", "2026-12-31"), ("2026-06-30", "2026-04-01"),
        ("2100-10-01", "2100-12-31"),
    ],
)  # fmt: skip
def test_its_figures_are_of_one_quarter_that_is_over_so_that_none_is_a_difference(
    cast: Cast, since: str, until: str
) -> None:
    alone, both = Caller(cast, "a", scopes=["figures:read"]), Caller(cast, "b")
    days = {name: day for name, day in (("since", since), ("until", until)) if day}
    refused = alone.get("/figures", by="area", **days)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_a_quarter")
    assert alone.get("/figures", by="area", **refused.json()["data"]["newest"]).status_code == 200
    assert both.get("/figures", by="area", **days).status_code == 200


def test_nor_a_count_from_which_a_small_one_is_worked_out(cast: Cast) -> None:
    for area, number in ((cast.own, 30), (cast.other, 12), (cast.far, 3)):
        for _n in range(number):
            cast.matter(area, state=State.FINISHED, lead_unit=cast.bureau, finished_at=clock.now(),
                        received_at=in_it())  # fmt: skip
    alone, both = Caller(cast, "a", scopes=["figures:read"]), Caller(cast, "b")

    def received(caller: Caller, by: str) -> dict[str, int | None]:
        return {row["key"]: row["received"] for row in caller.get("/figures", by=by, **former_quarter()).json()["rows"]}

    assert received(both, "area") == {"V1": 30, "V2": 12, "V3": 3}
    assert received(alone, "area") == {"V1": 30, "V2": None, "V3": None}, "45 less 42 would tell the 3"
    assert received(alone, "state") == {"finished": 45}


# fuzz: bodies made of the document, with hostile values in the places of right ones

HOSTILE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
    st.sampled_from(["\0", "\ud800", "a" * 30_000, "9999-12-31", "0001-01-01", "2026-02-30", "' OR 1=1 --", "U1", "V1",
                     "2026-12-01", "🀄" * 50, 10**400, -1, 1e308, [], {}, [[[]]], {"a": {"b": None}}]),
)  # fmt: skip


def value_of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return body_of(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return st.one_of(*(value_of(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "boolean": st.booleans(),
        "integer": st.integers(schema.get("minimum", 0), schema.get("maximum", 10)),
        "number": st.floats(-180, 180),
        "null": st.none(),
        "object": st.dictionaries(st.text(max_size=10), HOSTILE, max_size=3),
        "array": st.lists(HOSTILE, max_size=3),
    }
    if schema.get("format") == "uuid":
        return st.uuids().map(str)
    if schema.get("format") == "date":
        return st.dates().map(str)
    return kinds.get(schema.get("type", ""), st.text(max_size=30) | st.sampled_from(["V1", "U1", "U2", "road"]))


def body_of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "properties" not in schema:
        return value_of(schema)
    fields = {name: st.one_of(value_of(one), HOSTILE) for name, one in schema["properties"].items()}
    fitting = {name: value_of(one) for name, one in schema["properties"].items()}
    return st.one_of(
        st.fixed_dictionaries(fitting),
        st.fixed_dictionaries({}, optional=fields | {"state": HOSTILE}),
        st.fixed_dictionaries(fitting, optional={"extra": HOSTILE}),
    )


@st.composite
def sends(draw: st.DrawFn) -> tuple[str, Any]:
    path = draw(st.sampled_from([path for path, method in OPERATIONS if method == "post" and path != PICTURES]))
    schema = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return path, draw(st.one_of(value_of(schema), value_of(schema), value_of(schema), HOSTILE))


FILTERS = st.dictionaries(
    st.sampled_from(["text", "state", "light", "category", "area", "unit", "channel", "since", "until", "after",
                     "changed_since", "limit", "by", "nothing"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
    | st.sampled_from(["9999-12-31", "0001-01-01", "2026-12-01T00:00:00Z", "open", "V1", "U2", "MQ-2026-000001", "50",
                       "cmVjZWl2ZWRfYXQ", "1" * 400]),
    max_size=4,
)  # fmt: skip


RAW = [b"", b"{", b"[" * 5000, b"\xff\xfe", b"null", b'{"id": NaN}', b'"' + b"x" * 9]


@pytest.mark.fault(21)
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(sent=sends(), raw=st.sampled_from(RAW))
def test_no_body_brings_about_a_fault_of_ours(cast: Cast, caller: Caller, sent: tuple[str, Any], raw: bytes) -> None:
    path, body = sent
    caller.subject = caller.subject or str(assigned(cast).pk)
    address = path.replace("{name}", caller.subject)
    for data in (json.dumps(body).encode(), raw):
        answer = caller.client.generic("POST", address, data, content_type="application/json", headers=caller.headers())
        assert answer.status_code < 500, (path, body, raw)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(filters=FILTERS, name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_no_address_brings_about_a_fault_of_ours(
    cast: Cast, caller: Caller, filters: dict[str, str], name: str
) -> None:
    from urllib.parse import quote

    for path in ("/matters", "/figures", f"/matters/{quote(name, safe='')}"):
        answer = caller.get(path, **filters)
        assert answer.status_code < 500, (path, filters)


def test_figures_name_categories_alike_in_each_language(cast: Cast) -> None:
    cast.matter(category=Category.objects.get(pk="road"))
    caller = Caller(cast)
    for language in ("en", "zh-hant", "zh-hans"):
        headers = caller.headers() | {"Accept-Language": language}
        for by, label in (("category", "交通运输"), ("subcategory", "道路")):
            told = caller.client.get("/api/v1/figures", {"by": by}, headers=headers).json()
            assert [one["label"] for one in told["rows"]] == [label], (language, by)
