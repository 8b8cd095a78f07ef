"""What a category may be: its code, names, place in the tree, terms. Pure: no database."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.errors import Invalid
from minqing.core.formats import check_length
from minqing.core.text import one_line
from minqing.org.enums import Role, UnitKind

DEEPEST: Final = 3
TERM: Final = re.compile(r"[1-9][0-9]{0,2}(nd|d|h)")
# beside Simplified Chinese, in which ``name`` is
OTHER_LANGUAGES: Final = ("zh-hant", "en")
CODE: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")
MOST_DAYS: Final = 250
# words in one field of a page or one cell of a table
BETWEEN: Final = "、"
LONGEST_NAME, MOST_WORDS, LONGEST = 60, 60, 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """All that the operator says of a category besides its questions; ``parent`` is a code, empty at the top."""

    name: str
    names: Mapping[str, str]
    parent: str
    unit_code: str
    working_days: int
    legal_term: str
    keywords: Sequence[str]
    publishable: bool


def may_keep_categories(actor: Actor) -> Decision:
    """Which there are, where they stand and what they ask is the operator's, and of the command line."""
    if actor.kind == "system" or actor.has(Role.OPERATOR):
        return Decision.yes()
    return Decision.no("not_operator", _("Only the operator may change the categories."))


def check_code(code: str) -> str:
    if not CODE.fullmatch(code):
        raise Invalid("code_wrong", _("Write small letters, digits, hyphens and points only."))
    return code


def check_category(said: Said) -> Said:
    """As it is kept; raises Invalid for the first that cannot be."""
    names = {language: named(said, language) for language in OTHER_LANGUAGES}
    kept = {field: check(said) for field, check in CHECKS.items()}
    return replace(said, names={language: one for language, one in names.items() if one}, **kept)


def name_of(said: Said) -> str:
    if not (name := one_line(said.name, LONGEST)):
        raise Invalid("name_empty", _("The name is missing."))
    return check_length(name, LONGEST_NAME)


def named(said: Said, language: str) -> str:
    return check_length(one_line(said.names.get(language, ""), LONGEST), LONGEST_NAME)


def days_of(said: Said) -> int:
    if not 1 <= said.working_days <= MOST_DAYS:
        raise Invalid("days_wrong", _("A category has one working day at least and 250 at most."))
    return said.working_days


def keywords_of(said: Said) -> list[str]:
    words = list(dict.fromkeys(word for one in said.keywords if (word := one_line(one, LONGEST))))
    if len(words) > MOST_WORDS:
        raise Invalid("too_many_words", _("At most 60 words lead to a category."))
    return [check_length(word, 20) for word in words]


def words_in(text: str) -> list[str]:
    for mark in ",，;；\n":
        text = text.replace(mark, BETWEEN)
    return [word.strip() for word in text.split(BETWEEN) if word.strip()]


def check_unit(written: str) -> str:
    """As it is kept: expressions, the first that finds a unit before the others (``name:水利|kind:office``)."""
    written = check_length(written.strip(), 40)
    for wanted in filter(None, written.split("|")):
        if not says_a_unit(wanted):
            raise Invalid("unit_wrong", _("“%(code)s” does not say a unit.") % {"code": wanted})
    return written


def says_a_unit(wanted: str) -> bool:
    """Whether that is a unit's code, ``kind:`` with a kind of units, or ``name:`` with words of a name."""
    how, colon, what = wanted.partition(":")
    return not colon or (how == "name" and bool(what.strip())) or (how == "kind" and what in set(UnitKind))


def check_term(written: str) -> str:
    """As a target writes it (``60nd``); empty where no law says anything."""
    if written and not TERM.fullmatch(written):
        raise Invalid("term_wrong", _("Write how many natural days the law allows, or leave it empty."))
    return written


# what is said of a category → as it is kept; a table tells each that cannot be, a page the first
CHECKS: Final[Mapping[str, Callable[[Said], Any]]] = {
    "name": name_of,
    "working_days": days_of,
    "unit_code": lambda said: check_unit(said.unit_code),
    "legal_term": lambda said: check_term(said.legal_term),
    "keywords": keywords_of,
}


def may_hang_below(*, level: int, parent_level: int, holds_others: bool) -> Decision:
    """Three levels at most; one that has others below it stays on its level, so that these stay on theirs."""
    if parent_level >= DEEPEST:
        return Decision.no("too_deep", _("Categories have three levels at most. Choose one further up."))
    if holds_others and level and parent_level + 1 != level:
        return Decision.no("holds_others", _("Others lie below it. Move those first, then this one."))
    return Decision.yes()


def may_put_aside(*, children: int) -> Decision:
    if children:
        return Decision.no("holds_others", _("Others that are in use lie below it. Put those aside first."))
    return Decision.yes()
