"""China's numbers as clerks and spreadsheets write them: identity numbers (GB 11643) and telephones.

Every refusal is a :class:`FormatError` whose sentence tells what to do. No sentence and no ``data`` repeats
the number, so that neither a log nor an error page leaks it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric

from minqing.core import clock
from minqing.core.characters import one_form
from minqing.core.errors import FormatError

__all__ = [
    "FormatError",
    "IdentityNumber",
    "check_date",
    "check_identity_number",
    "check_length",
    "check_office_phone",
    "check_phone",
    "mask_identity",
    "mask_phone",
    "normalise_text",
]

OLDEST_YEARS = 130
_NUMERIC = re.compile(r"\d+(\.\d+)?([eE]\+?\d+)?")
_QUOTES = "'`‘’´"
_LIKE_X = str.maketrans({"×": "X", "✕": "X", "х": "X", "Х": "X", "x": "X"})
# 1908 to 2064; below are years
_NO_YEAR = re.compile(r"\d{1,2}[-/.月]\d{1,2}[日号]?(?:(?![-/.月]\s*\d)\D.*)?")
_SHORT_YEAR = re.compile(r"\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}(?:\D.*)?")
_SERIAL = re.compile(r"([1-5]\d{4}|[3-9]\d{3})(?:\.\d+)?")
_MONTH = re.compile(r"\d{4}\s?[-/.年]\s?\d\d?\s?月?|\d{4}年?")
_DATE = re.compile(r"(\d{4})(?:\s?[-/.年]\s?(\d\d?)\s?[-/.月]\s?(\d\d?)\s?日?|(\d\d)(\d\d))(?:[T ].*)?")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_SERVICE = re.compile(r"[48]00\d{7}")
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d\d)(\d{7,8})")
# emergencies, government hotlines (12xxx), carriers (100xx), companies' 95xxx, a province's 96xxx
_SHORT = re.compile(r"(010|02\d|0[3-9]\d\d)?(1[12]\d|1[02]\d{3}|11\d{3}|9[56]\d{3,4})")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|-|#)(\d{1,6})$", re.IGNORECASE)


class IdentityNumber(NamedTuple):
    """``value`` has 18 characters, the last a digit or ``X``."""

    value: str
    birth: date
    sex: Literal["male", "female"]


def normalise_text(text: str) -> str:
    """:func:`minqing.core.characters.one_form`, under the name by which forms, services and imports know it."""
    return one_form(text)


def check_identity_number(text: str | float, *, on: date | None = None) -> IdentityNumber:
    """The identity number behind what was typed or what a spreadsheet made of it.

    15 digits (before 1999) become 18. Of the number only the form, the date of birth (up to ``on``, today by
    default) and the check digit (GB 11643, ISO 7064 MOD 11-2) are checked, not the county: codes such as
    330683 changed since older residents were registered.
    """
    number = _digits_of(text, 18)
    number = re.sub(r"[\s\-‐‑‒–—]", "", number).translate(_LIKE_X)
    if not number:
        raise FormatError("identity_empty", _("The identity number is missing."))
    if not re.fullmatch(r"[0-9]+X?", number, re.ASCII):
        raise FormatError(
            "identity_characters",
            _("An identity number has digits only, and perhaps an X at the end. Please check it."),
        )
    if re.fullmatch(r"[0-9]{15}", number):
        number = f"{number[:6]}19{number[6:]}"
        number += ric.calc_check_digit(number + "0")
    if len(number) != 18:
        raise FormatError(
            "identity_length",
            format_lazy(
                _("An identity number has 18 digits, this one has {count}. Please check it."),
                count=len(number),
            ),
        )
    birth = _birth(number, on or clock.today())
    if ric.calc_check_digit(number) != number[-1]:
        raise FormatError(
            "identity_check_digit",
            _("The last digit does not fit the others: one of the digits is mistyped. Please check them."),
        )
    return IdentityNumber(number, birth, "male" if int(number[16]) % 2 else "female")


def year_missing(typed: str) -> FormatError | None:
    """What is wrong with a day whose year is not there, or is not whole; nothing of it is guessed."""
    if _NO_YEAR.fullmatch(typed):
        return FormatError("date_year", _("The year is missing here. Write year, month and day, such as 2026-05-03."))
    if _SHORT_YEAR.fullmatch(typed):
        return FormatError("date_year", _("Write the year with four digits, such as 2026-05-03."))
    return None


def check_date(text: str | float) -> date:
    """A day as it is written in China (``2026-09-30``, ``2026/9/30``, ``2026.9.30``, ``2026年9月30日``,
    ``20260930``, with or without a time behind) or as a spreadsheet counts it (46295, days since 1899-12-30).
    """
    typed = normalise_text(text if isinstance(text, str) else repr(text)).strip(_QUOTES)
    serial = _SERIAL.fullmatch(typed)
    if serial:
        return date(1899, 12, 30) + timedelta(days=int(serial.group(1)))
    if _MONTH.fullmatch(typed):
        raise FormatError("date_month", _("The day is missing here. Write year, month and day, such as 2026-09-30."))
    if error := year_missing(typed):
        raise error
    found = _DATE.fullmatch(typed)
    try:
        if found is None:
            raise ValueError
        return date(*(int(part) for part in found.groups() if part))
    except (ValueError, TypeError):
        raise FormatError("date", _("This is no date. Write it as 2026-09-30.")) from None


def check_phone(text: str | float) -> str:
    """A telephone number as it is stored: ``13812345678``, ``0575-83012345``, ``0575-83012345-801``.

    Accepts spaces, hyphens, brackets, full-width digits, +86 and numbers that went through a spreadsheet.
    """
    typed = _digits_of(text, 11)
    if not typed:
        raise FormatError("phone_empty", _("The telephone number is missing."))
    number, extension = _split_extension(re.sub(r"[\s()]", "", typed))
    number = re.sub(r"^(\+|00)86", "", re.sub(r"[\-‐‑‒–—.·]", "", number))
    if len(number) == 13 and number.startswith("86"):
        number = number[2:]
    if not extension and (_MOBILE.fullmatch(number) or _SERVICE.fullmatch(number)):
        return number
    # some write the trunk 0 before a mobile number as well
    if not extension and _MOBILE.fullmatch(number[1:]) and number[0] == "0":
        return number[1:]
    if len(number) in (9, 10, 11) and number[0] in "23456789" and typed.startswith(("+86", "0086")):
        number = f"0{number}"
    landline = _LANDLINE.fullmatch(number)
    if landline:
        return "-".join([*landline.groups(), *([extension] if extension else [])])
    raise _phone_refused(typed, number)


def check_office_phone(text: str | float) -> str:
    """The number of an office as it is stored: one of :func:`check_phone`, or a short one, with its area code where it
    has one: ``110``, ``12345``, ``95598``, ``0575-12345``.
    """
    short = _SHORT.fullmatch(re.sub(r"[\s()\-‐‑‒–—]", "", _digits_of(text, 11)))
    if short:
        return "-".join(part for part in short.groups() if part)
    return check_phone(text)


def check_length(text: str, most: int) -> str:
    """``text`` where it has at most ``most`` characters."""
    if len(text) > most:
        raise FormatError("too_long", format_lazy(_("At most {most} characters. Please shorten it."), most=most))
    return text


def mask_identity(number: str) -> str:
    """``3306************39``: enough to tell two people of one household apart, not to use it."""
    return f"{number[:4]}{'*' * (len(number) - 6)}{number[-2:]}" if len(number) >= 15 else "*" * len(number)


def mask_phone(number: str) -> str:
    """``138****5678``, ``0575-****2345``."""
    if _MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    area, hyphen, rest = number.partition("-")
    if hyphen and len(rest) >= 7:
        return f"{area}-****{rest.partition('-')[0][-4:]}"
    return "*" * len(number)


def _digits_of(value: str | float, length: int) -> str:
    """What was typed, normalised; a number of a spreadsheet written out, unless it lost digits on the way.

    A spreadsheet keeps 15 significant digits (Excel) or 17 (binary64), so an identity number stored as a
    number is damaged and must not be guessed.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return value
    text = str(value) if isinstance(value, str) else repr(value)
    text = normalise_text(text).strip(_QUOTES).strip()
    if text.startswith("="):
        text = text[1:].strip('"')
    if not _NUMERIC.fullmatch(text) or not re.search(r"[.eE]", text):
        if isinstance(value, int) and len(text) > 15 and text.endswith("000"):
            raise _lost()
        return text
    if "e" not in text.lower():
        whole, _point, fraction = text.partition(".")
        # 138.1234.5678 is no decimal and does not come here
        return whole if not fraction.strip("0") else text
    return _from_exponent(text, length)


def _from_exponent(text: str, length: int) -> str:
    mantissa = re.split("[eE]", text)[0].replace(".", "")
    try:
        exact = Decimal(text)
    except InvalidOperation:
        return text
    if exact.adjusted() >= 40:
        raise _lost()
    written = format(exact, "f")
    if len(mantissa) < min(len(written), length) or "." in written:
        raise _lost()
    return written


def _lost() -> FormatError:
    return FormatError(
        "digits_lost",
        _(
            "The spreadsheet has rounded this number and its last digits are lost. "
            "Format the column as text and type the number again."
        ),
    )


def _birth(number: str, on: date) -> date:
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        birth = None
    if birth is None:
        raise FormatError(
            "identity_birth",
            _("Digits 7 to 14 are the date of birth, and this is no date. Please check them."),
        )
    if birth > on:
        raise FormatError(
            "identity_future",
            _("By this identity number the person is not born yet. Please check digits 7 to 14."),
        )
    if on.year - birth.year > OLDEST_YEARS:
        raise FormatError(
            "identity_too_old",
            _("By this identity number the person is over 130 years old. Please check digits 7 to 14."),
        )
    return birth


def _split_extension(number: str) -> tuple[str, str]:
    found = _EXTENSION.search(number)
    # 0575-83012345 has a hyphen as well: an extension needs a full number before it
    if found and _LANDLINE.fullmatch(re.sub(r"^(\+|00)86|\D", "", number[: found.start()])):
        return number[: found.start()], found.group(1)
    return number, ""


def _phone_refused(typed: str, number: str) -> FormatError:
    if re.search(r"[/,;、，；]", typed) or re.search(r"1[3-9]\d{9}\D+1[3-9]\d{9}", typed):
        return FormatError(
            "phone_several",
            _("There is more than one telephone number here. Please leave one in this field."),
        )
    if re.fullmatch(r"[2-8]\d{6,7}", number, re.ASCII):
        return FormatError("phone_area_code", _("The area code is missing. Write it in front, such as 0575-83012345."))
    if re.fullmatch(r"1\d+", number, re.ASCII) and len(number) != 11:
        return FormatError(
            "phone_length",
            format_lazy(_("A mobile number has 11 digits, this one has {count}. Please check it."), count=len(number)),
        )
    return FormatError("phone_form", _("This is no telephone number of mainland China. Please check the digits."))
