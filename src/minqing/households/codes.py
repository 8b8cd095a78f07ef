"""The 民情码 at the door: its address, and the short code that tells a real plate from a stuck-on one.

A false sticker can lead to a false address, but cannot bear the short code that belongs to it: that is an HMAC of
the token, printed beside the county's own address and shown again on the county's own page.
"""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from django.conf import settings

from minqing.core.characters import one_form
from minqing.core.ids import plain_code
from minqing.privacy.tickets import spoken_code

TOKEN_BITS = 128


def url_of(token: str) -> str:
    """What the QR code says."""
    return f"{settings.ORIGIN}/h/{token}"


def is_address(text: str) -> bool:
    """Whether a hand scanner's or a person's ``text`` is the whole address of a plate, in whatever case and width."""
    return "/h/" in "".join(one_form(text).casefold().split())


def printed_host() -> str:
    """The address in words, to compare with what the phone shows."""
    return urlsplit(settings.ORIGIN).netloc


def short_check(token: str) -> str:
    """``K7QM-2XHD``: 8 readable characters (39 bits) that only the county can make for this token."""
    text = spoken_code("households.plate.check", token)
    return f"{text[:4]}-{text[4:]}"


def check_fits(token: str, typed: str) -> bool:
    """Whether ``typed`` (spaces, lower case, full width, any hyphen or none) is the short code of ``token``."""
    return hmac.compare_digest(plain_code(typed).encode(), plain_code(short_check(token)).encode())
