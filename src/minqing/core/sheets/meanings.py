"""Words of tables: what the pages show, in any language of the interface, is understood where it is typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.utils.translation import override

from minqing.core.characters import key_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Word = TypeVar("Word", bound=StrEnum)


def in_all_languages(sentence: StrOrPromise) -> list[str]:
    """A translated text as each language of the interface has it."""
    said = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            said.append(str(sentence))
    return said


def meanings(labels: Mapping[Word, StrOrPromise], names: Mapping[Word, Iterable[str]]) -> dict[str, Word]:
    """Key (:func:`minqing.core.characters.key_of`) → word: its code, its label on the pages, what clerks call it."""
    found: dict[str, Word] = {}
    for word, label in labels.items():
        for text in (*names.get(word, ()), word.value, *in_all_languages(label)):
            if key := key_of(text):
                found.setdefault(key, word)
    return found
