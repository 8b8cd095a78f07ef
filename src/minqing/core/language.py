"""The language of commands: the operator's, from the first word on, also before Django or its settings can be read.

``MINQING_LANG`` names it (``zh-hans``, ``zh-hant``, ``en``); without it the county's own, Simplified Chinese, or
English on a terminal that cannot write Chinese. ``LANG`` is not asked: servers of Chinese counties say ``en_US`` or
``C``. A job that writes for the pages says itself which language it speaks (:func:`speaking`).
"""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

CATALOGUES: Final = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant", "en": ""}
OWN: Final = "zh-hans"
TRADITIONAL: Final = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")
_spoken: ContextVar[str] = ContextVar("spoken", default="")


def language() -> str:
    """One of :data:`CATALOGUES`."""
    if spoken := _spoken.get():
        return spoken
    asked = os.environ.get("MINQING_LANG", "").strip().lower().replace("_", "-")
    if asked.startswith(TRADITIONAL):
        return "zh-hant"
    if asked.startswith(("en", "zh")):
        return "en" if asked.startswith("en") else OWN
    return OWN if writes_chinese() else "en"


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Until the block ends sentences are said in this one of :data:`CATALOGUES`."""
    token = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(token)


def writes_chinese() -> bool:
    try:
        for stream in (sys.stdout, sys.stderr):
            "民情".encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


@cache
def catalogue(folder: Path, language: str) -> gettext.NullTranslations:
    """The sentences of a room; English where they were not compiled (``tools/messages.py compile``)."""
    name = CATALOGUES[language]
    path = folder / "locale" / name / "LC_MESSAGES" / "django.mo"
    if not name or not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


def sentences(module: str) -> Callable[[str], str]:
    """What puts a sentence into the operator's language, from the catalogue of the room in which ``module`` lies.

    A module of commands says ``_ = sentences(__name__)``: ``minqing --help`` is printed before Django is there.
    """
    room = ".".join(module.split(".")[:2])
    folder = Path(sys.modules[room].__path__[0])

    def translated(sentence: str) -> str:
        return catalogue(folder, language()).gettext(sentence)

    return translated


def N_(sentence: str) -> str:  # gettext's own name, which the extraction of sentences knows
    """``sentence`` itself, to be translated where it is shown."""
    return sentence


# those of the system that a command meets, as it words them
REASONS: Final = (
    N_("Permission denied"), N_("No such file or directory"), N_("File exists"), N_("Is a directory"),
    N_("Not a directory"), N_("No space left on device"), N_("Read-only file system"),
)  # fmt: skip
_ = sentences(__name__)


def reason_of(error: OSError) -> str:
    """Why the system refused it, in the language of commands."""
    return _(error.strerror) if error.strerror else type(error).__name__
