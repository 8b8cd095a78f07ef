"""Texts of matters: what may be stored, and the words that find them again."""

from __future__ import annotations

import re
import unicodedata

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Func, TextField, Value
from django.utils.translation import override

from minqing.core.text import bigrams, one_line

TITLE_LENGTH = 60
# a tsvector holds 1 MB; a lexeme of a GIN index at most 2 kB
MOST_WORDS = 30_000
WORD_LENGTH = 60
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean_text(text: str) -> str:
    """``text`` as PostgreSQL takes it: without control characters, lines ended by ``\\n``, ends trimmed."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def title_from(title: str, text: str) -> str:
    """The title as given, else the first line of the text, on one line of at most 60 (given: 200) characters."""
    if given := one_line(clean_text(title), 200):
        return given
    lines = [line for line in clean_text(text).splitlines() if line.strip()]
    return one_line(lines[0], TITLE_LENGTH) if lines else ""


def in_house(sentence: object) -> str:
    """A sentence that the system writes into a matter, in the deployment's language whoever reads or asks."""
    with override(settings.LANGUAGE_CODE):
        return str(sentence)


def words_of(*texts: str) -> list[str]:
    """Character pairs and words of ``texts``, each once, cut to what an index takes."""
    found = dict.fromkeys(word[:WORD_LENGTH] for word in bigrams("\n".join(texts)))
    return list(found)[:MOST_WORDS]


def vector(*texts: str) -> Func:
    """The value of ``Matter.search``: lexemes go in as an array, so nothing in them is syntax."""
    words = Value(words_of(*texts), output_field=ArrayField(TextField()))
    return Func(words, function="array_to_tsvector", template="%(function)s(%(expressions)s::text[])")


class Matches(Func):
    """``vector @@ query``: the query comes in as finished text and is not parsed as any language."""

    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = BooleanField()


def tsquery_text(typed: str) -> str:
    """``typed`` as the text of a tsquery: all words must occur, the last of other scripts as a beginning.

    A single Chinese character finds every pair that begins with it. Empty when there is nothing to search for.
    """
    terms = []
    for word in words_of(unicodedata.normalize("NFKC", typed))[:50]:
        quoted = "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
        pair = len(word) == 2 and not word.isascii()
        terms.append(quoted if pair else quoted + ":*")
    return " & ".join(terms)
