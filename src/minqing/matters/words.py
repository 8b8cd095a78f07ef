"""Texts of matters: what may be stored, and the words that find them again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from django.conf import settings
from django.db.models import BooleanField, Func, TextField, Value
from django.utils.translation import override

from minqing.core.characters import clean, nfkc
from minqing.core.clock import SHANGHAI
from minqing.core.text import bigrams, one_line, readings, syllables

TITLE_LENGTH = 60
# a tsvector holds 1 MB; a lexeme of a GIN index at most 2 kB
MOST_WORDS = 30_000
WORD_LENGTH = 60
# figures of a number's serial; before the initials of a reading, which are no word
SERIAL_LENGTH, INITIALS = 6, "~"
# between lexemes on their way to the database; a control character, so part of none
APART = "\x1f"


def clean_text(text: str) -> str:
    """:func:`minqing.core.characters.clean`, under the name by which this room knows it."""
    return clean(text)


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


def written(moment: datetime | None) -> str:
    """A moment in a sentence that is kept: local time, the same in every language."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if moment else "–"


def words_of(*texts: str) -> list[str]:
    """Character pairs and words of ``texts``, each once, cut to what an index takes."""
    found = dict.fromkeys(word[:WORD_LENGTH] for word in bigrams("\n".join(texts)))
    return list(found)[:MOST_WORDS]


def lexemes_of(title: str, *texts: str) -> list[str]:
    """Everything by which a matter is found: words of title and texts, and how the title is read."""
    return list(dict.fromkeys([*words_of(title, *texts), *sounds_of(title)]))


def sounds_of(title: str) -> list[str]:
    """Neighbouring syllables of the title together (``ludeng``), and two and three initials (``~ld``, ``~ldb``).

    Pairs and not whole readings: a county's titles have some ten thousand of them, however many matters there are.
    """
    found: dict[str, None] = {}
    for run in syllables(title[:TITLE_LENGTH]):
        first = "".join(one[0] for one in run)
        found.update(dict.fromkeys(a + b for a, b in pairwise(run)))
        found.update(dict.fromkeys(INITIALS + first[at : at + n] for n in (2, 3) for at in range(len(first) - n + 1)))
    return list(found)


def vector(title: str, *texts: str) -> Func:
    """The value of ``Matter.search``: lexemes go in as an array, so nothing in them is syntax.

    As one text that the database takes apart: a driver writes an array of a hundred words one by one.
    """
    words = Value(APART.join(lexemes_of(title, *texts)), output_field=TextField())
    return Func(words, template="array_to_tsvector(string_to_array(%(expressions)s, E'\\x1f'))")


class Matches(Func):
    """``vector @@ query`` by the index: the query comes in as finished text and is not parsed as any language."""

    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = BooleanField()


class MatchesRowByRow(Func):
    """The same without the index, for words that most rows have: the planner then reads in the order of the list."""

    function = "ts_match_vq"
    template = "%(function)s(%(expressions)s::tsquery)"
    output_field = BooleanField()


def tsquery_text(typed: str) -> str:
    """``typed`` as the text of a tsquery: all words must occur, those of other scripts as a beginning.

    A single Chinese character finds every pair that begins with it; letters also find how a title is read
    (``ludeng``, ``ld``), figures also the serial of a number. Empty when there is nothing to search for.
    """
    return " & ".join(map(term, words_of(nfkc(typed))[:50]))


def term(word: str) -> str:
    if len(word) == 2 and not word.isascii():
        return quoted(word)
    ways = [f"{quoted(word)}:*"]
    if word.isascii() and word.isalpha() and len(word) > 1:
        ways += [heard for reading in readings(word) if (heard := pairs(reading))]
        grams = [word[at : at + 3] for at in range(max(len(word) - 2, 1))]
        ways.append(all_of(quoted(INITIALS + gram) for gram in grams))
    elif word.isascii() and word.isdigit() and len(word) < SERIAL_LENGTH:
        ways.append(quoted(word.zfill(SERIAL_LENGTH)))
    return ways[0] if len(ways) == 1 else f"({' | '.join(ways)})"


def pairs(reading: list[str]) -> str:
    """Neighbouring syllables must all occur; the last one may be the beginning of a longer one."""
    *whole, last = [quoted(a + b) for a, b in pairwise(reading)] or [""]
    return all_of([*whole, f"{last}:*"]) if whole else ""


def all_of(terms: Iterable[str]) -> str:
    return f"({' & '.join(terms)})"


def quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
