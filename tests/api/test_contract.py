"""The OpenAPI document is the contract: what it allows is taken, and nothing is refused that it does not tell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minqing.config.api import document
from minqing.core.ids import new_id
from minqing.matters.enums import Move
from minqing.matters.models import Matter
from minqing.matters.schemas.moves import SPECS
from minqing.matters.services import decline_matter, merge_matter, supervise_matter
from tests.api.conftest import Caller, assigned
from tests.api.schemas import allowed, fields_of, resolved
from tests.cast import Cast

pytestmark = pytest.mark.fault(119)
DOCUMENT = document()
# 409: as the document allows, but not as things stand
REFUSED_AS_THINGS_STAND = {403, 404, 409}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def parts(found: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in the document, with where it stands."""
    if isinstance(found, dict):
        yield place, found
    for name, one in found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ():
        yield from parts(one, f"{place}/{name}")


def test_the_document_is_one_from_which_clients_are_made(cast: Cast, caller: Caller) -> None:
    """Generators lose what has siblings beside a reference, and answers they were not told of."""
    wrong = []
    for place, one in parts(DOCUMENT):
        if "$ref" in one:
            at: Any = DOCUMENT
            for name in one["$ref"].removeprefix("#/").split("/"):
                at = at[name]
            if len(one) > 1:
                wrong.append(f"{place}: more beside a reference")
        if {"allOf", "default"} <= set(one):
            wrong.append(f"{place}: a default beside allOf")
    for path, method, operation in operations():
        told = {str(status) for status in operation["responses"]}
        needed = {"401", "403", "429", "default"}
        needed |= {"404"} if "{" in path else set()
        needed |= {"400", "409", "413", "422"} if method == "post" else set()
        needed |= {"422"} if any(one["in"] == "query" for one in operation.get("parameters", ())) else set()
        if not needed <= told or not told & {"200", "201"}:
            wrong.append(f"{method} {path}: {sorted(needed - told)} is not told of")
        if not operation.get("security") or not operation.get("summary") or not operation.get("tags"):
            wrong.append(f"{method} {path}: no key, summary or tag")
        named = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"}
        if named != {name.partition("}")[0] for name in path.split("{")[1:]}:
            wrong.append(f"{method} {path}: {named} are its parameters")
    assert not wrong, "\n".join(wrong)
    names = [operation["operationId"] for _path, _method, operation in operations()]
    assert len(set(names)) == len(names)
    served = caller.client.get("/api/v1/openapi.json").json()
    assert [one["url"] for one in served["servers"]] == ["http://testserver"]
    assert served["paths"] == json.loads(json.dumps(DOCUMENT["paths"]))
    assert DOCUMENT["servers"]


# each move at the bounds of its schema

Ready = Callable[[Cast, Caller, Caller], str]


def in_hand(cast: Cast, unit: Caller, reporter: Caller) -> str:
    key = str(assigned(cast).pk)
    unit.move(key, "accept")
    return key


def suspended(cast: Cast, unit: Caller, reporter: Caller) -> str:
    key = in_hand(cast, unit, reporter)
    unit.move(key, "suspend", reason="third_party", until="2026-12-20", text="等")
    return key


def reported(cast: Cast, unit: Caller, reporter: Caller) -> str:
    return str(reporter.report().json()["id"])


def finished(cast: Cast, unit: Caller, reporter: Caller) -> str:
    key = reported(cast, unit, reporter)
    assigned(cast, row(cast, key))
    unit.move(key, "accept")
    unit.move(key, "finish", reply="修好了。")
    return key


def withdrawn(cast: Cast, unit: Caller, reporter: Caller) -> str:
    key = reported(cast, unit, reporter)
    reporter.move(key, "withdraw")
    return key


def declined(cast: Cast, unit: Caller, reporter: Caller) -> str:
    key = reported(cast, unit, reporter)
    with cast.everything():
        decline_matter(id=new_id(), matter=row(cast, key), reason="归供电公司", by=cast.actor("clerk"))
    return key


def merged(cast: Cast, unit: Caller, reporter: Caller) -> str:
    key, cause = reported(cast, unit, reporter), row(cast, reported(cast, unit, reporter))
    with cast.everything():
        merge_matter(id=new_id(), matter=row(cast, key), cause=cause, by=cast.actor("clerk"))
    return key


def row(cast: Cast, key: str) -> Matter:
    with cast.everything():
        return Matter.objects.get(pk=key)


def supervised(cast: Cast, unit: Caller, reporter: Caller) -> str:
    key = in_hand(cast, unit, reporter)
    with cast.everything():
        supervise_matter(id=new_id(), matter=row(cast, key), order="每周报", by=cast.actor("leader"))
    return key


READY: dict[Move, Ready] = {
    Move.REPORT: supervised,
    Move.ACCEPT: lambda cast, unit, reporter: str(assigned(cast).pk),
    Move.RESUME: suspended,
    Move.CONFIRM: finished,
    Move.REOPEN: withdrawn,
    Move.WITHDRAW: reported,
    Move.APPEAL: declined,
    Move.SPLIT: merged,
}
PARTS = frozenset({Move.REPLY_PART, Move.REFUSE_PART, Move.DROP_PART})
# what a schema cannot say, as the document's descriptions do: codes and ids of what is there, a day to come
FITTING: dict[str, Any] = {
    "unit": "U1", "proposed": "U3", "part": None, "until": "2026-12-20", "pictures": [], "id": None, "area": "V1",
    "solved": True,
}  # fmt: skip


def bounds(name: str, schema: dict[str, Any]) -> Iterator[tuple[Any, bool]]:
    """The values at the ends of what ``schema`` allows, and just behind them, each with whether it is allowed."""
    for one in map(resolved, schema.get("anyOf", [schema])):
        if one.get("type") == "null":
            yield None, True
        elif "enum" in one or "const" in one:
            yield from ((value, True) for value in one.get("enum", [one.get("const")]))
            yield "none of them", False
        elif one.get("type") == "string" and "maxLength" in one:
            most = one["maxLength"]
            yield from [("长" * most, True), ("长" * (most + 1), False), ("a\0b", False)]
            blank = "[^\\s" not in one["pattern"]
            yield from [("", blank), (" \u3000\t\r\n\x85\x1f", blank)]
        elif one.get("type") in {"integer", "number"}:
            yield from [(one["minimum"], True), (one["maximum"], True)]
            yield from [(one["minimum"] - 1, False), (one["maximum"] + 1, False)]
        elif one.get("type") == "boolean":
            yield from [(True, True), (False, True), ("vielleicht", False)]
        elif one.get("type") == "array" and one["items"].get("format") == "uuid":
            yield [str(new_id()) for _n in range(one["maxItems"] + 1)], False


def test_every_field_of_every_move_is_taken_to_the_bounds_of_its_schema(cast: Cast) -> None:
    """The service's own rule and the schema cannot part: at each bound it is taken, behind it refused as 422."""
    unit, office = Caller(cast), Caller(cast, "office", name="综合办", unit=cast.office)
    reporter = Caller(cast, "brain", name="城市大脑", unit=None)
    wrong = []
    for spec in SPECS:
        path = f"/api/v1/matters/{{name}}/moves/{spec.move.value}"
        fields = fields_of(path)
        needed = {name: FITTING.get(name, "说明") for name in spec.fields if spec.fields[name][1] is ...}
        needed |= {"days": 2} if "days" in fields else {}
        needed |= {"unit": "U1"} if "unit" in fields else {}
        needed |= {"proposed": "U3"} if "proposed" in fields else {}
        # what is not solved says why
        needed |= {"outcome_note": "下周续办"} if "outcome_note" in fields else {}
        needed |= {"reason": "third_party"} if spec.move is Move.SUSPEND else {}
        needed |= {"answered": True, "solved": True} if spec.move is Move.CONFIRM else {}
        for name, schema in fields.items():
            if name in {"id", "seen", "unit", "proposed", "part", "until"}:
                continue
            key = ""
            for value, fits in bounds(name, schema):
                # what was refused left it as it was
                key = key or READY.get(spec.move, in_hand)(cast, unit, reporter)
                who = office if spec.move in PARTS - {Move.DROP_PART} else unit
                body = {"id": str(new_id())} | needed | {name: value}
                if spec.move in PARTS and not unit.get(f"/matters/{key}").json()["parts"]:
                    unit.move(key, "join", unit="U1", task="断电")
                if spec.move in PARTS:
                    body |= {"part": unit.get(f"/matters/{key}").json()["parts"][0]["id"]}
                if spec.scope.endswith("report"):
                    who = reporter
                answer = who.post(f"/matters/{key}/moves/{spec.move.value}", body)
                if answer.status_code == 200:
                    key = ""
                if (answer.status_code == 200) != fits or (not fits and answer.status_code != 422):
                    told = answer.json().get("code"), answer.json().get("data")
                    wrong.append(f"{spec.move}.{name} {str(value)[:12]!r}: {answer.status_code} {told}")
    assert not wrong, "\n".join(wrong)


def test_every_field_of_a_report_is_taken_to_the_bounds_of_its_schema(cast: Cast, caller: Caller) -> None:
    fields = fields_of("/api/v1/matters")
    inner = {
        ("reporter", name): one for name, one in DOCUMENT["components"]["schemas"]["ReporterBody"]["properties"].items()
    }
    inner |= {
        ("point", name): one for name, one in DOCUMENT["components"]["schemas"]["PlaceBody"]["properties"].items()
    }
    wrong = []
    for place, schema in [*(((name,), one) for name, one in fields.items()), *inner.items()]:
        if place in {("id",), ("area",)}:
            continue
        for value, fits in bounds(place[-1], schema):
            whole = {"latitude": 29.5, "longitude": 120.8} if place[0] == "point" else {}
            given = {place[0]: whole | {place[1]: value} if len(place) == 2 else value}
            answer = caller.report(**given)
            if (answer.status_code == 201) != fits or (not fits and answer.status_code != 422):
                wrong.append(f"{'.'.join(place)} {str(value)[:12]!r}: {answer.status_code} {answer.json().get('code')}")
    assert not wrong, "\n".join(wrong)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nothing_that_the_document_allows_is_refused_as_a_fault_of_form(
    cast: Cast, caller: Caller, data: st.DataObject
) -> None:
    """As schemathesis has it: of values that fit the schema none answers 400 or 422, or is a fault of ours."""
    # a form of many parts holds a picture, which no schema describes: see test_pictures.py
    chosen = [one for one in operations() if one[0] != "/api/v1/pictures"]
    path, method, operation = data.draw(st.sampled_from(chosen))
    query = {
        one["name"]: data.draw(allowed(one["schema"]))
        for one in operation.get("parameters", ())
        if one["in"] == "query" and (one["required"] or data.draw(st.booleans()))
    }
    query = {name: str(value) for name, value in query.items() if value is not None}
    address = path.removeprefix("/api/v1").replace("{name}", str(new_id())).replace("{picture}", str(new_id()))
    if method == "get":
        answer = caller.get(address, **query)
    else:
        body = data.draw(allowed(operation["requestBody"]["content"]["application/json"]["schema"]))
        answer = caller.post(address, body | ({"area": "V1"} if "area" in body else {}))
    assert answer.status_code < 300 or answer.status_code in REFUSED_AS_THINGS_STAND, (path, query, answer.content)


def test_what_linters_of_other_makers_ask_for_is_there() -> None:
    """As Redocly and Spectral found: tags are listed, no shape is unused, a pattern means the same in every dialect."""
    told = document()
    written = json.dumps(told)
    schemas = told["components"]["schemas"]
    assert [name for name in schemas if f'"#/components/schemas/{name}"' not in written] == []
    used = {tag for methods in told["paths"].values() for one in methods.values() for tag in one.get("tags", ())}
    assert {one["name"] for one in told["tags"]} == used
    patterns = re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', json.dumps(told, ensure_ascii=False))
    assert patterns
    assert [one for one in patterns if any(ord(sign) > 0xFFFF for sign in one)] == []
