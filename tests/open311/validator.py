"""A strict reader of GeoReport v2 answers, built from the tables of the specification and from nothing of ours.

https://wiki.open311.org/GeoReport_v2 and https://wiki.open311.org/Service_Discovery: element names, which of them must
be there, what each may hold. XML and JSON are read into the same values, so that the two can be compared.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

UTC_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
DATATYPES = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
Convert = Callable[[str], Any]


@dataclass(frozen=True)
class Field:
    """``types`` are those of JSON, ``read`` makes the same value of an element's text; ``may_lack``: "May not be
    returned"; ``empty``: an empty element, null in JSON."""

    types: tuple[type, ...] = (str,)
    read: Convert = str
    may_lack: bool = False
    empty: bool = True
    good: Callable[[Any], bool] = lambda value: True


@dataclass(frozen=True)
class Many:
    """A container of elements called ``name``, each with the fields of ``of``, or plain text for none."""

    name: str
    of: Mapping[str, Any] | None
    may_lack: bool = False


def one_of(*words: str) -> Callable[[Any], bool]:
    return lambda value: value in words


def boolean(text: str) -> bool:
    assert text in {"true", "false"}, text
    return text == "true"


def is_moment(text: str) -> bool:
    return bool(UTC_MOMENT.fullmatch(text)) and datetime.fromisoformat(text).tzinfo is not None


ID = Field(empty=False)
TEXT = Field()
FLAG = Field((bool,), boolean, empty=False)
MOMENT = Field(empty=False, good=is_moment)
DEGREES = Field((int, float), float, good=lambda value: -180 <= value <= 180)
LATER = Field(may_lack=True, good=is_moment)
SERVICE = {
    "service_code": ID, "service_name": ID, "description": TEXT, "metadata": FLAG,
    "type": Field(empty=False, good=one_of("realtime", "batch", "blackbox")), "keywords": TEXT, "group": TEXT,
}  # fmt: skip
SERVICES = Many("service", SERVICE)
VALUE = {"key": ID, "name": ID}
ATTRIBUTE = {
    "variable": FLAG, "code": ID, "datatype": Field(empty=False, good=one_of(*DATATYPES)), "required": FLAG,
    "datatype_description": TEXT, "order": Field((int,), int, empty=False, good=lambda value: value > 0),
    "description": ID, "values": Many("value", VALUE),
}  # fmt: skip
DEFINITION = {"service_code": ID, "attributes": Many("attribute", ATTRIBUTE)}
REQUEST = {
    "service_request_id": ID, "status": Field(empty=False, good=one_of("open", "closed")),
    "status_notes": Field(may_lack=True), "service_name": TEXT, "service_code": ID,
    "description": Field(good=lambda text: len(text) <= 4000), "agency_responsible": Field(may_lack=True),
    "service_notice": Field(may_lack=True), "requested_datetime": MOMENT, "updated_datetime": MOMENT,
    "expected_datetime": LATER, "address": TEXT, "address_id": TEXT, "zipcode": TEXT, "lat": DEGREES, "long": DEGREES,
    "media_url": TEXT,
}  # fmt: skip
REQUESTS = Many("request", REQUEST)
NOTE = {"datetime": MOMENT, "description": ID, "type": ID}
EXTENDED = {"title": TEXT, "detailed_status": ID, "state": ID, "state_label": ID,
            "media_urls": Many("media_url", None)}  # fmt: skip
ANSWER = {"code": ID, "label": TEXT, "value": ID, "name": TEXT}
EXTENDED_REQUESTS = Many("request", {
    **REQUEST, "attributes": Many("attribute", ANSWER), "extended_attributes": EXTENDED, "notes": Many("note", NOTE),
})  # fmt: skip
CREATED = Many("request", {
    "service_request_id": ID, "service_notice": Field(may_lack=True), "account_id": Field(may_lack=True),
})  # fmt: skip
TOKENS = Many("request", {"service_request_id": ID, "token": ID})
ERRORS = Many("error", {"code": Field((int,), int, empty=False), "description": ID})
ENDPOINT = {
    "specification": Field(empty=False, good=one_of("http://wiki.open311.org/GeoReport_v2")), "url": ID,
    "changeset": MOMENT, "type": Field(empty=False, good=one_of("production", "test")),
    "formats": Many("format", None),
}  # fmt: skip
# https://github.com/mysociety/fixmystreet/wiki/Open311-FMS---Proposed-differences-to-Open311
UPDATES = Many("request_update", {
    "update_id": ID, "service_request_id": ID, "status": Field(empty=False, good=one_of("OPEN", "CLOSED")),
    "updated_datetime": MOMENT, "description": ID, "media_url": TEXT,
})  # fmt: skip
UPDATED = Many("request_update", {"update_id": ID})
DISCOVERY = {"changeset": MOMENT, "contact": ID, "key_service": ID, "endpoints": Many("endpoint", ENDPOINT)}


def read_xml(content: bytes, root: str, shape: Any) -> Any:
    assert content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>'), content[:60]
    element = ET.fromstring(content.decode("utf-8").encode())  # noqa: S314
    assert element.tag == root, element.tag
    return of_element(element, shape)


def of_element(element: ET.Element, shape: Any) -> Any:
    assert not element.attrib, f"{element.tag} has attributes"
    if isinstance(shape, Many):
        assert {child.tag for child in element} <= {shape.name}, [child.tag for child in element]
        return [of_element(child, shape.of) if shape.of else child.text for child in element]
    if isinstance(shape, Field):
        assert not len(element), f"{element.tag} holds elements"
        return checked(element.tag, shape, None if element.text is None else shape.read(element.text))
    tags = [child.tag for child in element]
    assert len(tags) == len(set(tags)), f"twice in {element.tag}: {tags}"
    complete(set(tags), shape)
    return {child.tag: of_element(child, shape[child.tag]) for child in element}


def read_json(content: bytes, shape: Any) -> Any:
    return of_json("", json.loads(content.decode("utf-8")), shape)


def of_json(name: str, value: Any, shape: Any) -> Any:
    if isinstance(shape, Many):
        assert isinstance(value, list), f"{name} is no list"
        return [of_json(shape.name, one, shape.of) if shape.of else one for one in value]
    if isinstance(shape, Field):
        # true is an int in Python, and is none here
        right = type(value) in shape.types
        assert value is None or right, f"{name}: {type(value)}"
        return checked(name, shape, value)
    assert isinstance(value, dict), f"{name} is no object"
    complete(set(value), shape)
    return {key: of_json(key, one, shape[key]) for key, one in value.items()}


def complete(names: set[str], shape: Mapping[str, Any]) -> None:
    assert names <= set(shape), f"unknown: {names - set(shape)}"
    lacking = {name for name in set(shape) - names if not shape[name].may_lack}
    assert not lacking, f"lacking: {lacking}"


def checked(name: str, field: Field, value: Any) -> Any:
    if value is None:
        assert field.empty, f"{name} is empty"
        return None
    assert value != "", f"{name}: an empty text is null"
    assert field.good(value), f"{name}: {value!r}"
    return value
