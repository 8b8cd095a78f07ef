"""XML and JSON say the same, whatever is to be said."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from minqing.open311.responses import Document, Rows, errors, format_time, plain, written

YEARS = (datetime.fromisoformat("1970-01-01T00:00"), datetime.fromisoformat("2900-01-01T00:00"))


def xml(document: Document) -> ET.Element:
    return ET.fromstring(written(document, "xml"))  # noqa: S314


def from_json(document: Document) -> Any:
    return json.loads(written(document, "json"))


def test_the_root_and_the_containers_follow_the_spark_convention() -> None:
    document = Document("services", Rows("service", [{"a": "x", "b": Rows("c", ["1", "2"])}]))
    assert from_json(document) == [{"a": "x", "b": ["1", "2"]}]
    root = xml(document)
    assert root.tag == "services"
    assert [child.text for child in root.find("service/b") or ()] == ["1", "2"]


def test_one_row_and_none_are_lists_too() -> None:
    assert from_json(Document("services", Rows("service", [{"a": 1}]))) == [{"a": 1}]
    assert from_json(Document("services", Rows("service"))) == []
    assert len(xml(Document("services", Rows("service")))) == 0


def test_empty_is_null_and_an_empty_element() -> None:
    document = Document("request", {"a": None, "b": "", "c": "\x00"})
    assert from_json(document) == {"a": None, "b": None, "c": None}
    assert [child.text for child in xml(document)] == [None, None, None]


def test_truth_numbers_and_times_have_their_own_spelling() -> None:
    at = datetime(2026, 10, 13, 1, 2, 3, 999_999, tzinfo=timezone(timedelta(hours=8)))
    document = Document("request", {"yes": True, "n": 3, "lat": 29.5, "at": at})
    assert from_json(document) == {"yes": True, "n": 3, "lat": 29.5, "at": "2026-10-12T17:02:03Z"}
    assert [child.text for child in xml(document)] == ["true", "3", "29.5", "2026-10-12T17:02:03Z"]


def test_xml_is_declared_as_utf_8() -> None:
    assert written(Document("a", {"b": "路灯"}), "xml").startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    assert "路灯".encode() in written(Document("a", {"b": "路灯"}), "xml")
    assert "路灯".encode() in written(Document("a", {"b": "路灯"}), "json")


@given(st.text(st.characters()) | st.text("<>&'\"]]\r\n\t\0\x1b\ufffe\uffff路\U0001f4a1"))
def test_no_text_makes_invalid_xml_or_is_different_in_json(text: str) -> None:
    document = Document("a", {"b": text})
    assert xml(document).findtext("b") == (from_json(document)["b"] or "") == plain(text)


def test_errors_have_the_standard_s_form() -> None:
    document = errors(403, ["one", "two"])
    assert from_json(document) == [{"code": 403, "description": "one"}, {"code": 403, "description": "two"}]
    assert [child.tag for child in xml(document)] == ["error", "error"]


@given(st.datetimes(*YEARS, timezones=st.just(UTC)))
def test_a_moment_ends_in_z_and_is_told_to_the_second(at: datetime) -> None:
    assert datetime.fromisoformat(format_time(at)) == at.replace(microsecond=0)
