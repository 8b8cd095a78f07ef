"""Enums whose members carry the word that people read."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Word(StrEnum):
    """Members are written ``NAME = "code", _("Label")``: the code is stored, ``label`` is shown.

    What can be done has a third part, ``done``: the same told once it has happened.
    """

    label: StrOrPromise
    done: StrOrPromise

    def __new__(cls, value: str, label: StrOrPromise = "", done: StrOrPromise = "") -> Word:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.done = done or label
        return member
