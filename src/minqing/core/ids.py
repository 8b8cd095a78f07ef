"""Identifiers: for machines (UUIDv7), for secrets (random), for people (a number with a check digit)."""

from __future__ import annotations

import hashlib
import math
import re
import secrets
import uuid
from datetime import datetime

import uuid_utils.compat
from stdnum.iso7064 import mod_11_10

from minqing.core.characters import DASHES, fold_dashes, nfkc, one_form

# without 0 O 1 I L, which are misread from paper and over the telephone
READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SERIAL_DIGITS = 6
_NUMBER = re.compile(r"([A-Z]{1,4})(\d{4})(\d{6,12})(\d)")
_IGNORED = re.compile(rf"[\s\-_.·/{DASHES}]+")


def new_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): sorts by time, so new rows land together in an index."""
    made: uuid.UUID = uuid_utils.compat.uuid7()
    return made


def first_id_of(moment: datetime) -> uuid.UUID:
    """The lowest that :func:`new_id` could have made at ``moment``: what is below it was made before."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62)


def random_token(bits: int = 128) -> str:
    """URL-safe text with at least ``bits`` bits of randomness."""
    return secrets.token_urlsafe(math.ceil(bits / 8))


def short_code(n: int, alphabet: str = READABLE) -> str:
    """``n`` random characters to be read aloud, five bits each: where it opens something, throttle."""
    return "".join(secrets.choice(alphabet) for _ in range(n))


def digest(text: str) -> str:
    """SHA-256 in hex. Only for random tokens: a guessable text (a phone) needs the keyed blind index."""
    return hashlib.sha256(text.encode()).hexdigest()


def human_number(prefix: str, year: int, serial: int) -> str:
    """``("MQ", 2026, 123)`` → ``MQ-2026-000123-4``; ``serial`` may grow beyond six digits."""
    number = f"{prefix}-{year:04d}-{serial:0{SERIAL_DIGITS}d}"
    return f"{number}-{_check_digit(number)}"


def parse_human_number(text: str) -> str:
    """The number as :func:`human_number` writes it, from what a person typed.

    Accepts spaces, full-width characters, lower case, missing or other hyphens, an address that ends with it.
    Raises ``ValueError`` when the form or the check digit is wrong.
    """
    typed = _IGNORED.sub("", one_form(code_of(text) if "://" in nfkc(text) else text)).upper()
    match = _NUMBER.fullmatch(typed)
    if match is None or not typed.isascii():
        raise ValueError("not a number of this system")
    prefix, year, serial, check = match.groups()
    number = human_number(prefix, int(year), int(serial))
    if number[-1] != check:
        raise ValueError("the check digit is wrong")
    return number


def number_typed(text: str) -> str:
    """The number as :func:`human_number` writes it, however it was typed; what is none of this system finds nothing."""
    try:
        return parse_human_number(text)
    except ValueError:
        return one_form(text).upper()


def code_of(text: str) -> str:
    """The code in what a scanner reads or a hand types: bare, or at the end of a whole address; in half width, without
    spaces, with plain hyphens. Upper and lower case stay, a random code has both.
    """
    bare = "".join(fold_dashes(one_form(text)).split())
    return re.split(r"[?#]", bare, maxsplit=1)[0].rstrip("/").rpartition("/")[2]


def plain_code(text: str) -> str:
    """A short code (:data:`READABLE`) as it was made, from what a hand typed in whatever case and width, with marks.

    There is no such form of a whole code (:func:`random_token`): its small and capital letters are different ones.
    """
    return "".join(one for one in one_form(text).upper() if one.isalnum())


def _check_digit(number: str) -> str:
    """ISO 7064 MOD 11,10 over the digits, letters as 10…35 (as ISO 13616 does).

    It finds every single wrong digit and nearly all swaps of two neighbours.
    """
    digits = "".join(str(int(character, 36)) for character in number if character.isalnum())
    check: str = mod_11_10.calc_check_digit(digits)
    return check
