"""What partners send, read: whatever the bytes, an event or a refusal; and which event was before which."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.errors import Invalid
from minqing.partners.formats.decoding import Unreadable, decode, header_text, json_of
from minqing.partners.formats.events import Envelope, Told, attributes_of, parse_time, read
from minqing.partners.formats.inbound_schema import FIELDS, REPORTED, check_data
from minqing.partners.formats.mapping import load_mapping, read_flat
from minqing.partners.rules import SequencePoint, comes_before
from tests.cast import at

SEQUENCES = st.sampled_from(["", "1", "2", "9", "10", "007", "a", "b"])
TIMES = st.none() | st.integers(1_790_000_000, 1_790_000_100).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
PLACES = st.builds(SequencePoint, SEQUENCES, TIMES)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
NAMES = sorted({field.name for fields in FIELDS.values() for field in fields})


def envelope(message: HTTPMessage) -> Envelope:
    media = message.headers.get("content-type", "application/json")
    return Envelope(message.body, media, attributes=attributes_of(message.headers))


@pytest.mark.parametrize("write", [to_structured_event, to_binary_event])
def test_what_the_standards_authors_write_is_read(write: Any) -> None:
    at_eight = datetime(2026, 10, 12, 8, tzinfo=UTC)
    attributes = {
        "specversion": "1.0", "id": "1", "source": "/hotline", "type": "cn.minqing.matter.reported",
        "subject": "工单-12", "time": at_eight,
    }  # fmt: skip
    told = read(envelope(write(CloudEvent(attributes, {"title": "井盖坏了"}))))
    assert (told.id, told.source, told.type, told.subject) == ("1", "/hotline", attributes["type"], "工单-12")
    assert (told.at, told.data) == (at_eight, {"title": "井盖坏了"})


@given(one=PLACES, other=PLACES)
def test_of_two_events_at_most_one_was_before_the_other(one: SequencePoint, other: SequencePoint) -> None:
    assert not (comes_before(one, other) and comes_before(other, one))
    assert not comes_before(one, one)


def test_numbers_are_compared_as_numbers_and_other_texts_as_texts() -> None:
    for first, second in [("9", "10"), ("007", "8"), ("a", "b"), ("10", "9a")]:
        assert comes_before(SequencePoint(first, None), SequencePoint(second, None))
    early, late = at("2026-10-12 08:00"), at("2026-10-12 09:00")
    assert comes_before(SequencePoint("", early), SequencePoint("3", late))
    assert not comes_before(SequencePoint("4", early), SequencePoint("3", late)), "the sequence goes before the time"
    assert not comes_before(SequencePoint("1", None), SequencePoint("", late))


@given(body=st.binary(), charset=st.sampled_from(["", "utf-8", "gbk", "utf-16", "unicode_escape", "x", "\0"]))
def test_whatever_the_bytes_it_is_an_event_or_a_refusal(body: bytes, charset: str) -> None:
    with contextlib.suppress(Unreadable):
        assert isinstance(read(Envelope(body, charset=charset)), Told)


@given(event=st.dictionaries(st.sampled_from(["id", "source", "type", "time", "subject", "data", "sequence"]), VALUES))
def test_whatever_the_json_it_is_an_event_or_a_refusal(event: dict[str, Any]) -> None:
    body = json.dumps(event | {"specversion": "1.0"}).encode()
    with contextlib.suppress(Unreadable):
        told = read(Envelope(body))
        assert told.id
        assert max(map(len, (told.id, told.source, told.type, told.subject, told.sequence))) <= 200


@given(data=st.dictionaries(st.sampled_from(NAMES), VALUES), type=st.sampled_from([*FIELDS, "cn.minqing.other"]))
def test_data_is_what_the_table_says_or_refused(data: dict[str, Any], type: str) -> None:
    with contextlib.suppress(Invalid):
        found, _unusable = check_data(type, data)
        assert set(found) <= {field.name for field in FIELDS[type]}


@given(flat=st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES))
def test_a_mapping_reads_whatever_it_finds_or_refuses(flat: dict[str, Any]) -> None:
    mapping = load_mapping("{id: a.b, time: c, data: {text: a, area: {from: b, values: {1: V1}, else: C}}}")
    with contextlib.suppress(Unreadable):
        told = read_flat(Envelope(json.dumps(flat).encode()), mapping, source="/x")
        assert (told.type, bool(told.id)) == (REPORTED, True)
        assert told.data["area"] in {"V1", "C"}


@given(text=st.text())
def test_an_envelope_is_kept_whole(text: str) -> None:
    envelope = Envelope(text.encode("utf-8", "surrogatepass"), "x/y", "gbk", {"id": "1"})
    assert Envelope.load(envelope.dump()) == envelope


CHINESE_TEXT = '{"text": "村口路灯坏了三天，㐂"}'


@pytest.mark.parametrize("label", ["", "utf-8", "GBK", "gb2312", '"gb18030"', "utf-16", "iso-8859-1", "us-ascii"])
@pytest.mark.parametrize("written", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_chinese_text_is_read_as_it_was_written_whatever_its_label(written: str, label: str) -> None:
    assert json_of(CHINESE_TEXT.encode(written), label) == {"text": "村口路灯坏了三天，㐂"}


def test_few_letters_that_are_both_are_read_as_labelled() -> None:
    """Bytes of one GBK word that happen to be letters of UTF-8, the one case where nothing but the label tells."""
    both = "模".encode("gbk")
    assert (decode(both, "gbk"), decode(both, ""), decode(both, "utf-8")) == ("模", "ģ", "ģ")
    assert decode("路灯".encode(), "gbk") == "路灯"


@pytest.mark.parametrize("label", ["utf-7", "cp1252", "unicode_escape", "rot13", "zip", "idna", "x", "a\0b", "九"])
def test_labels_that_name_no_encoding_of_chinese_texts_are_refused(label: str) -> None:
    with pytest.raises(Unreadable, match="encoding"):
        decode(b"x", label)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"a": NaN}', "not_json"),
        ('{"a": -Infinity}', "not_json"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "twice_named"),
        ('{"a": ' + "9" * 5000 + "}", "not_json"),
    ],
)
def test_what_two_readers_would_read_differently_is_no_json(body: str, code: str) -> None:
    with pytest.raises(Unreadable, match=code):
        json_of(body.encode(), "")


@pytest.mark.parametrize("depth", range(900, 1000, 4))
def test_whatever_the_depth_it_is_an_event_or_a_refusal(depth: int) -> None:
    body = ('{"a": ' * depth + "1" + "}" * depth).encode()
    with contextlib.suppress(Unreadable):
        read(Envelope(body))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("A-1", "A-1"),
        ("%E7%83%AD%E7%BA%BF%20%25", "热线 %"),
        ("%e7%83%ad", "热"),
        ('"A \\"1\\" %41"', 'A "1" A'),
        ("%41%2D1", "A-1"),
        ("热线".encode().decode("latin-1"), "热线"),
        ("热线".encode("gbk").decode("latin-1"), "热线"),
    ],
)
def test_a_header_is_taken_out_of_its_quotes_and_decoded_once(value: str, text: str) -> None:
    assert header_text(value) == text


@pytest.mark.parametrize("value", ["%C0%A0", "%FF", "热"])
def test_a_header_that_is_no_utf_8_is_refused(value: str) -> None:
    with pytest.raises(Unreadable, match="header"):
        header_text(value)


def test_attributes_of_any_length_are_kept_apart() -> None:
    """The specification limits them not: what is kept of a long one still tells it from its like."""
    texts = ["/subscriptions/" + "x" * 300 + end for end in ("a", "b")]
    event = {"specversion": "1.0", "id": "1", "type": "cn.minqing.matter.withdrawn", "subject": "工单\u3000一"}
    told = [read(Envelope(json.dumps(event | {"source": text}).encode())) for text in texts]
    assert told[0].source != told[1].source
    assert {len(one.source) for one in told} == {200}
    assert told[0].subject == "工单\u3000一", "the space of Chinese texts is a character like others"


def test_times_without_a_zone_are_the_county_s() -> None:
    assert parse_time("2026-10-12 08:00:00") == parse_time("2026/10/12 08:00:00") == at("2026-10-12 08:00")
    for same in ("2026-10-12T00:00:00Z", "2026-10-12t00:00:00z", "2026-10-11T19:00:00-05:00", "20261012080000",
                 "2026-10-12T08:00:00.0000000+08:00"):  # fmt: skip
        assert parse_time(same) == at("2026-10-12 08:00"), same
    assert parse_time("2026-12-31T23:59:60Z") == parse_time("2026-12-31T23:59:59Z"), (
        "a leap second is no reason to refuse"
    )
    for wrong in ("soon", "0001-01-01", "9999-12-31T23:59:59-23:00"):
        with pytest.raises(Unreadable):
            assert parse_time(wrong) is None
