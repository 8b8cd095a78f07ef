"""What a county calls things: the machine types stay, the words are its own.

The words are cached in the process by their version (:mod:`minqing.core.cache_version`); who asks for one in a
request of a signed-in person or a partner asks no statement. A visitor's request knows no version: there the words
come along with the rows (:func:`with_names`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from minqing.core.cache_version import CachedTable
from minqing.core.words import Word
from minqing.localnames.kinds import vocabulary_of
from minqing.localnames.models import LocalName

# kind, code, language → the county's word and the residents' word
Names = Mapping[tuple[str, str, str], tuple[str, str]]


def by_key(rows: Iterable[LocalName]) -> Names:
    return {(row.kind, row.code, row.language): (row.word, row.public_word) for row in rows}


NAMES: Final = CachedTable(["localnames_localname"], LocalName.objects.all, by_key)


class NamesOf(models.Func):
    """All words of one kind, in the statement that reads something else."""

    template = (
        "(SELECT jsonb_agg(jsonb_build_array(kind, code, language, word, public_word)) FROM localnames_localname"
        " WHERE kind = %(expressions)s)"
    )
    output_field = models.JSONField()


def with_names(rows: models.QuerySet[Any], kind: str) -> models.QuerySet[Any]:
    """Annotate ``names``: the county's words of that kind, read with the rows; for a request that knows no edition."""
    return rows.annotate(names=NamesOf(models.Value(kind)))


def names_along(row: Any) -> Names:
    """Those that came with the row, else those kept in the process."""
    if not hasattr(row, "names"):
        return NAMES.now()
    return {(kind, code, language): (word, public) for kind, code, language, word, public in row.names or ()}


def word_of(member: Word) -> str:
    """What the county calls it in the language in force; the shipped word where it has none of its own."""
    return spoken(NAMES.now(), member)[0] or str(member.label)


def public_word_of(row: Any, member: Word) -> str:
    """What residents call it, by the words that came with ``row``; empty where the county has no word for them."""
    return spoken(names_along(row), member)[1]


def outside_word_of(row: Any, member: Word) -> str:
    """What is told outside beside the machine type: the residents' word, else the county's, else the shipped one."""
    word, public = spoken(names_along(row), member)
    return public or word or str(member.label)


def spoken(names: Names, member: Word) -> tuple[str, str]:
    language = get_language() or settings.LANGUAGE_CODE
    return names.get((vocabulary_of(member).code, member.value, language), ("", ""))


def choices_of(members: Iterable[Word]) -> list[tuple[str, str]]:
    """For a field to choose from, in the county's words."""
    return [(one.value, word_of(one)) for one in members]
