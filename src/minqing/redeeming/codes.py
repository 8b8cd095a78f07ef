"""Codes that are shown in a shop: digits to read aloud, of which only a keyed digest is kept."""

from __future__ import annotations

import secrets

from minqing.core.characters import one_form
from minqing.privacy.seal import keyed_digest
from minqing.redeeming.rules import DIGITS


def new_code() -> str:
    return "".join(secrets.choice("0123456789") for _n in range(DIGITS))


def digest_of(typed: str) -> str:
    """Of the digits in what was typed, in full width too, as a Chinese keyboard types them."""
    digits = "".join(one for one in one_form(typed) if one.isdecimal())
    return keyed_digest("redeeming.code", digits).hex()


def in_groups(code: str) -> str:
    return f"{code[:4]} {code[4:]}"
