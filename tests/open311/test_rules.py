"""Dates, spans, states and the small conversions: pure."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.matters.enums import CLOSED, OPEN, State
from minqing.open311 import rules
from minqing.open311.rules import SPAN, TooLong, Window, parse_moment, window
from minqing.open311.words import detailed_status, note

YEARS = (datetime.fromisoformat("1970-01-01T00:00"), datetime.fromisoformat("2900-01-01T00:00"))
NOW = datetime(2026, 10, 13, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1994-11-05T08:15:30-05:00", "1994-11-05T13:15:30+00:00"),
        ("1994-11-05T13:15:30Z", "1994-11-05T13:15:30+00:00"),
        ("2026-10-13T12:00+08:00", "2026-10-13T04:00:00+00:00"),
        ("2026-10-13T12:00:00.5+08:00", "2026-10-13T04:00:00.500000+00:00"),
        ("2026-10-13T12:00:00 08:00", "2026-10-13T04:00:00+00:00"),  # "+" unescaped in a URL
        ("2026-10-13T12:00:00+0800", "2026-10-13T04:00:00+00:00"),
        ("2026-10-13T09:30:00+05:45", "2026-10-13T03:45:00+00:00"),
        ("2026-10-13T09:30:00.123456", "2026-10-13T09:30:00.123456+00:00"),  # UTC without saying so
        ("2026-10-13", "2026-10-13T00:00:00+00:00"),
    ],
)
def test_w3c_times_are_understood_in_any_zone(text: str, at: str) -> None:
    assert parse_moment(text) == datetime.fromisoformat(at)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-10", "2026-10-13T12", "2026-10-13Z", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z",
     "10-13-2026", "2026-10-13T25:00:00Z",
     "2026-10-13T00:00:00+99:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00",
     "２０２６-10-13T00:00:00Z", "2026-10-13T00:00:00Z; DROP", "1794-11-05T13:15:30Z"],
)  # fmt: skip
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_moment(text)


@given(
    st.datetimes(*YEARS),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_what_python_writes_is_read_back(naive: datetime, zone: timezone) -> None:
    at = naive.replace(tzinfo=zone)
    assert parse_moment(at.isoformat()) == at


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert parse_moment(text).tzinfo is UTC


def test_without_dates_the_last_90_days_are_meant() -> None:
    assert window(None, None, now=NOW) == Window(NOW - SPAN, NOW)


def test_with_one_date_the_span_is_90_days_from_there() -> None:
    day = NOW - timedelta(days=400)
    assert window(day, None, now=NOW) == Window(day, day + SPAN)
    assert window(None, day, now=NOW) == Window(day - SPAN, day)


def test_90_days_are_allowed_and_a_second_more_is_not() -> None:
    assert window(NOW - SPAN, NOW, now=NOW)
    with pytest.raises(TooLong):
        window(NOW - SPAN - timedelta(seconds=1), NOW, now=NOW)


def test_the_end_does_not_come_before_the_start() -> None:
    with pytest.raises(ValueError):
        window(NOW, NOW - timedelta(seconds=1), now=NOW)


def test_a_request_is_open_until_the_unit_has_answered() -> None:
    assert {state for state in State if rules.status_of(state) == "open"} == OPEN
    assert rules.status_of(State.FINISHED) == "closed"
    assert all(rules.status_of(state) == "closed" for state in CLOSED)
    assert rules.states_of(["open"]) | rules.states_of(["closed"]) == frozenset(State) == rules.states_of([])
    assert not rules.states_of(["open"]) & rules.states_of(["closed"])


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_sentence_and_a_finer_word(state: State) -> None:
    assert note(SimpleNamespace(names=()), state)
    assert detailed_status(state).isupper()


LINE = st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=50).filter(
    lambda text: text == text.strip()
)


@given(st.text().map(str.strip), st.lists(LINE, max_size=3))
def test_description_and_media_urls_come_apart_as_they_went_together(description: str, media_urls: list[str]) -> None:
    if not description.rpartition("\n")[2].startswith(rules.MEDIA):
        kept = rules.with_media(description, media_urls)
        assert rules.split_media(kept) == (description, media_urls)


def test_a_text_that_only_speaks_of_a_media_url_stays_whole() -> None:
    assert rules.split_media("media_url: is\nwrong") == ("media_url: is\nwrong", [])
    assert rules.split_media("see media_url: here") == ("see media_url: here", [])


def test_names_are_put_together_as_their_language_does() -> None:
    assert rules.full_name("桂芬", "张") == "张桂芬"
    assert rules.full_name("John", "Smith") == "John Smith"
    assert rules.full_name("", "张") == "张"
