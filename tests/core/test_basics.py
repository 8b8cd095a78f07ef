"""Errors, decisions, actors, ids and the clock."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.errors import Conflict, DomainError, FormatError, Invalid, NotFound, Refused
from minqing.core.ids import (
    READABLE,
    digest,
    human_number,
    new_id,
    parse_human_number,
    plain_code,
    random_token,
    short_code,
)


@pytest.mark.parametrize(
    ("kind", "status"),
    [(DomainError, 409), (NotFound, 404), (Refused, 403), (Invalid, 422), (Conflict, 409), (FormatError, 422)],
)
def test_every_error_has_a_code_a_sentence_and_a_status(kind: type[DomainError], status: int) -> None:
    error = kind()
    assert error.http_status == status
    assert error.code
    assert str(error.sentence)


@pytest.mark.fault(65)
def test_the_text_of_an_error_is_its_code_so_that_logs_hold_nothing_personal() -> None:
    error = Invalid("wrong", "CANARY sentence", row=3)
    assert str(error) == "wrong"
    assert "CANARY" not in repr(error)
    assert (error.sentence, error.data, error.http_status) == ("CANARY sentence", {"row": 3}, 422)
    assert DomainError("x", "y", http_status=413).http_status == 413


def test_a_decision_is_its_own_boolean_and_refuses_with_its_reason() -> None:
    assert Decision.yes()
    Decision.yes().require()
    no = Decision.no("closed", "It is closed.")
    assert not no
    with pytest.raises(Refused) as refusal:
        no.require()
    assert (refusal.value.code, refusal.value.sentence) == ("closed", "It is closed.")


def test_of_two_decisions_the_first_refusal_is_told() -> None:
    first, second = Decision.no("a", ""), Decision.no("b", "")
    assert (first & second).code == "a"
    assert (Decision.yes() & second).code == "b"
    assert Decision.yes() & Decision.yes()


def test_the_journal_names_an_actor_without_its_name() -> None:
    some = uuid.UUID(int=7)
    assert Actor(id=some, kind="user", name="CANARY").ref == f"user:{some}"
    assert Actor(id=None, kind="resident", name="", household=some).ref == f"resident:household:{some}"
    assert Actor(id=None, kind="resident", name="").ref == "resident:anonymous"
    assert Actor.system("visits.remind", areas=[1, 2]).ref == "system:visits.remind"
    assert Actor.system("x", areas=[1, 2]).areas == {1, 2}


def test_an_actor_has_any_of_the_roles() -> None:
    actor = Actor(id=None, kind="user", name="", roles=frozenset({"clerk"}))
    assert actor.has("clerk", "chief")
    assert not actor.has("chief")


def test_ids_are_uuid7_and_sort_by_time() -> None:
    made = [new_id() for _n in range(100)]
    assert all(type(one) is uuid.UUID and one.version == 7 for one in made)
    assert made == sorted(made)


@pytest.mark.fault(16)
def test_tokens_have_the_randomness_that_was_asked_for() -> None:
    assert len(random_token(128)) >= 22
    assert len({random_token() for _n in range(200)}) == 200
    assert set(short_code(500)) <= set(READABLE)
    assert not set("0O1IL") & set(READABLE)
    assert len(digest("x")) == 64


def test_a_human_number_ends_with_a_check_digit() -> None:
    number = human_number("MQ", 2026, 123)
    assert number.startswith("MQ-2026-000123-")
    assert parse_human_number(number) == number
    assert parse_human_number(human_number("MQ", 2026, 12_345_678)).startswith("MQ-2026-12345678-")


@pytest.mark.parametrize(
    "typed",
    [
        "{0}",
        " {0} ",
        "mq 2026 000123 {1}",
        "MQ2026000123{1}",
        "ＭＱ－２０２６－０００１２３－{1}",
        "mq—2026—000123—{1}",
    ],
)
def test_a_human_number_is_read_however_it_is_typed(typed: str) -> None:
    number = human_number("MQ", 2026, 123)
    assert parse_human_number(typed.format(number, number[-1])) == number


@given(st.integers(0, 999_999), st.integers(0, 9), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(serial: int, place: int, change: int) -> None:
    digits = [c for c in human_number("MQ", 2026, serial) if c.isdigit()]
    digits[place] = str((int(digits[place]) + change) % 10)
    with pytest.raises(ValueError):
        parse_human_number("MQ" + "".join(digits))


@pytest.mark.parametrize("typed", ["", "MQ", "2026-000123-4", "MQ-2026-000123", "MQ-26-1-1", "MQ-2026-00012٣-4"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_human_number(typed)


@pytest.mark.fault(50)
def test_the_local_day_begins_at_sixteen_hours_utc() -> None:
    assert clock.local_date(datetime(2028, 2, 28, 15, 59, tzinfo=UTC)) == date(2028, 2, 28)
    assert clock.local_date(datetime(2028, 2, 28, 16, 0, tzinfo=UTC)) == date(2028, 2, 29)
    assert clock.now().tzinfo is UTC
    assert clock.today() == clock.local_date(clock.now())


def test_a_time_without_a_zone_has_no_day() -> None:
    with pytest.raises(ValueError):
        clock.local_date(datetime(2026, 1, 1))  # noqa: DTZ001  # that is the fault


@pytest.mark.fault(116)
def test_a_short_code_is_itself_however_a_hand_types_it() -> None:
    for typed in ("K7QM2XHD", "k7qm 2xhd", "Ｋ７ｑｍ—２ｘｈｄ", " k7qm.2xhd\u200b", "K7QM-2XHD"):
        assert plain_code(typed) == "K7QM2XHD"
