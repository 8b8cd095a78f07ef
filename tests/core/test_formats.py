"""Identity numbers, telephones and days as they really come in."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from minqing.core.errors import FormatError
from minqing.core.formats import (
    check_date,
    check_identity_number,
    check_phone,
    mask_identity,
    mask_phone,
    normalise_text,
)

# made up: order code 123 and its check digit
ELDER = "330683194001011237"
WITH_X = "11010519491231002X"
ON = date(2026, 11, 23)


def refusal(check: object, value: str | float) -> FormatError:
    with pytest.raises(FormatError) as caught:
        check(value)  # type: ignore[operator]
    return caught.value


@pytest.mark.fault(43)
@pytest.mark.parametrize(
    ("typed", "value"),
    [
        # python-stdnum's own county check refuses 330683, a county until 1995, for the year 1940
        (ELDER, ELDER),
        (f" {ELDER} ", ELDER),
        (f"'{ELDER}", ELDER),
        (f'="{ELDER}"', ELDER),
        ("330683 19400101 1237", ELDER),
        ("３３０６８３１９４００１０１１２３７", ELDER),
        ("\ufeff330683194001011237\u200b", ELDER),
        (330683194001011237, ELDER),
        # 15 digits, as text and as a spreadsheet's number, which still holds them
        ("330683400101123", ELDER),
        (330683400101123, ELDER),
        (330683400101123.0, ELDER),
        ("330683400101123.0", ELDER),
        ("3.30683400101123E+14", ELDER),
        ("11010519491231002x", WITH_X),
        ("11010519491231002Ｘ", WITH_X),
        ("11010519491231002×", WITH_X),
        ("11010519491231002х", WITH_X),
    ],
)
def test_an_identity_number_is_read_however_it_was_written(typed: str | float, value: str) -> None:
    assert check_identity_number(typed, on=ON).value == value


@pytest.mark.fault(43)
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("3.30683194001011e17", "digits_lost"),
        (3.3068319400101123e17, "digits_lost"),
        ("3.30683E+17", "digits_lost"),
        (330683194001011000, "digits_lost"),
        ("1e999", "digits_lost"),
        ("", "identity_empty"),
        ("３３０６８３", "identity_length"),
        ("3306831940010112370", "identity_length"),
        ("33068319400101X237", "identity_characters"),
        ("同上", "identity_characters"),
        ("330683194013011230", "identity_birth"),
        ("330683202302291231", "identity_birth"),
        ("330683194001011238", "identity_check_digit"),
        ("33068318000101123X", "identity_too_old"),
        ("330683209901011230", "identity_future"),
    ],
)
def test_a_wrong_identity_number_is_refused_with_what_to_do(typed: str | float, code: str) -> None:
    error = refusal(check_identity_number, typed)
    assert error.code == code
    assert str(error.sentence).endswith(("。", "."))
    assert error.data == {}
    assert "3306831940" not in str(error.sentence)


def test_birth_and_sex_come_from_the_number() -> None:
    assert check_identity_number(ELDER)[1:] == (date(1940, 1, 1), "male")
    assert check_identity_number(WITH_X)[1:] == (date(1949, 12, 31), "female")


@pytest.mark.fault(43)
def test_a_child_born_today_is_taken_and_one_born_tomorrow_is_not() -> None:
    def number(day: str) -> str:
        start = f"330683{day}012"
        return start + ric.calc_check_digit(start + "0")

    assert check_identity_number(number("20261123"), on=ON).birth == ON
    with pytest.raises(FormatError) as error:
        check_identity_number(number("20261124"), on=ON)
    assert error.value.code == "identity_future"


@given(st.dates(date(1900, 1, 1), ON), st.integers(0, 999), st.integers(1, 10), st.integers(0, 17))
def test_no_single_wrong_character_goes_through(birth: date, order: int, shift: int, place: int) -> None:
    start = f"330683{birth:%Y%m%d}{order:03d}"
    right = start + ric.calc_check_digit(start + "0")
    assert check_identity_number(right, on=ON).birth == birth
    characters = "0123456789X" if place == 17 else "0123456789"
    wrong = characters[(characters.index(right[place]) + shift) % len(characters)]
    if wrong != right[place]:
        with pytest.raises(FormatError):
            check_identity_number(right[:place] + wrong + right[place + 1 :], on=ON)


@given(st.text(max_size=40) | st.floats() | st.integers())
def test_whatever_comes_in_is_taken_or_refused_but_never_breaks(value: str | float) -> None:
    for check in (check_identity_number, check_phone, check_date):
        with suppress(FormatError):
            check(value)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("13812345678", "13812345678"),
        ("13812345678.0", "13812345678"),
        (13812345678.0, "13812345678"),
        (13812345678, "13812345678"),
        ("1.3812345678E+10", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("0086 13812345678", "13812345678"),
        ("013812345678", "13812345678"),
        ("0575-83012345", "0575-83012345"),
        ("(0575) 83012345", "0575-83012345"),
        ("（0575）8301 2345", "0575-83012345"),
        ("+86 575 83012345", "0575-83012345"),
        ("+86 21 12345678", "021-12345678"),
        ("010-12345678", "010-12345678"),
        ("0575-8301234", "0575-8301234"),
        ("0575-83012345转12", "0575-83012345-12"),
        ("057583012345-801", "0575-83012345-801"),
        ("400-800-1234", "4008001234"),
    ],
)
def test_a_telephone_is_stored_in_one_form(typed: str | float, value: str) -> None:
    assert check_phone(typed) == value
    assert check_phone(value) == value


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone_empty"),
        ("1.38123E+10", "digits_lost"),
        ("83012345", "phone_area_code"),
        ("1381234567", "phone_length"),
        ("13812345678/13912345678", "phone_several"),
        ("13812345678、13912345678", "phone_several"),
        ("12012345678", "phone_form"),
        ("无", "phone_form"),
    ],
)
def test_a_wrong_telephone_is_refused_with_what_to_do(typed: str, code: str) -> None:
    error = refusal(check_phone, typed)
    assert error.code == code
    assert str(error.sentence)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-09-30",
        "2026/9/30",
        "2026.9.30",
        "2026年9月30日",
        "20260930",
        "2026-09-30 16:00",
        "２０２６－９－３０",
        46295,
        46295.0,
        "46295.6667",
    ],
)
def test_a_day_is_read_however_it_was_written(typed: str | float) -> None:
    assert check_date(typed) == date(2026, 9, 30)


@pytest.mark.parametrize("typed", ["", "2026-13-01", "2026-02-29", "30.9.2026", "今天", "12"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    assert refusal(check_date, typed).code == "date"


@pytest.mark.parametrize("typed", ["9月30日", "9-30", "09.30 8:00", "26-9-30", "26年9月30日"])
def test_a_day_without_its_year_is_told_to_lack_it(typed: str) -> None:
    error = refusal(check_date, typed)
    assert error.code == "date_year"
    assert "2026-05-03" in str(error.sentence)


def test_masks_leave_too_little_to_use() -> None:
    assert mask_identity(ELDER) == "3306************37"
    assert mask_identity("12345") == "*****"
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("0575-83012345-801") == "0575-****2345"
    assert mask_phone("12345") == "*****"


def test_text_is_normalised_for_names_and_codes() -> None:
    assert normalise_text("　石宅村\u200b ５ 组\n") == "石宅村 5 组"
