"""The county's own words as a table: each row one state or reason, with its words in each language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from minqing.core.formats import check_length
from minqing.core.text import one_line
from minqing.intake.kinds import Column, Row, TableKind
from minqing.localnames.kinds import VOCABULARIES, Vocabulary
from minqing.localnames.models import WORD_LENGTH
from minqing.localnames.queries import NAMES
from minqing.localnames.services import Said, set_names
from minqing.org.enums import Role
from minqing.org.imports.base import OrgTable, Told, doubled, name_of
from minqing.org.services import Outcome

# columns of a language: the word of the offices, and that of residents
LANGUAGES: Final = {"zh-hans": "hans", "zh-hant": "hant", "en": "en"}
# an empty cell leaves what stands; this takes the shipped word again
SHIPPED: Final = "-"


def coded() -> Iterator[tuple[str, Vocabulary, Any]]:
    for kind in VOCABULARIES:
        for member in kind.members:
            yield f"{kind.code}.{member.value}", kind, member


class Names(OrgTable):
    """One pass over one file. The words of one kind are given together: two may change theirs with each other."""

    def check(self, row: Row, cell: Mapping[str, str]) -> None:
        told, known = Told(row), {code: (kind, member) for code, kind, member in coded()}
        code = told.take("code", lambda: name_of(cell["code"], 60).casefold(), "")
        if code and code not in known:
            row.problems["code"] = _("There is nothing of this code. Take the codes from an exported table.")
        if code and (met := self.seen.first("name", code, row.number)):
            row.problems["code"] = doubled(met.row)
        for column in WORDS:
            told.take(column.name, partial(word_in, cell[column.name]), "")
        if code not in known:
            return
        kind, member = known[code]
        if not kind.for_residents:
            for short in LANGUAGES.values():
                if cell[f"public_{short}"].strip(SHIPPED):
                    row.problems[f"public_{short}"] = _("Residents read no word of their own for this.")
        row.data = (kind, member.value, dict(cell))

    def together(self, rows: Sequence[Row]) -> Iterable[list[Row]]:
        kinds: dict[str, list[Row]] = {}
        for row in rows:
            kinds.setdefault(row.data[0].code, []).append(row)
        return kinds.values()

    def save_all(self, rows: Sequence[Row]) -> Sequence[Outcome]:
        kind: Vocabulary = rows[0].data[0]
        changed: set[str] = set()
        kept = NAMES.now()
        for language, short in LANGUAGES.items():
            words = {
                code: said(cell, short, kept.get((kind.code, code, language), ("", "")))
                for _kind, code, cell in (row.data for row in rows)
            }
            changed |= set(set_names(kind=kind, language=language, words=words, by=self.by))
        return ["updated" if row.data[1] in changed else "unchanged" for row in rows]


def word_in(text: str) -> str:
    return check_length(one_line(text, 10_000), WORD_LENGTH)


def said(cell: Mapping[str, str], short: str, was: tuple[str, str]) -> Said:
    typed = (cell[f"word_{short}"], cell[f"public_{short}"])
    return Said(*("" if new == SHIPPED else new or old for new, old in zip(typed, was, strict=True)))


def stored() -> Iterable[Mapping[str, object]]:
    kept = NAMES.now()
    for code, kind, member in coded():
        row: dict[str, object] = {"code": code, "name": f"{kind.label} · {member.label}"}
        for language, short in LANGUAGES.items():
            row[f"word_{short}"], row[f"public_{short}"] = kept.get((kind.code, member.value, language), ("", ""))
        yield row


WORDS: Final = (
    Column("word_hans", ("简体叫法", "叫法"), False, _("Called here (Simplified Chinese)"), "", "待受理"),
    Column("public_hans", ("简体群众用词", "群众用词"), False, _("Residents read (Simplified Chinese)"), "", "已收到"),
    Column("word_hant", ("繁体叫法", "繁體叫法"), False, _("Called here (Traditional Chinese)"), "", "待受理"),
    Column(
        "public_hant", ("繁体群众用词", "繁體群眾用詞"), False, _("Residents read (Traditional Chinese)"), "", "已收到"
    ),
    Column("word_en", ("英文叫法",), False, _("Called here (English)"), "", "New"),
    Column("public_en", ("英文群众用词",), False, _("Residents read (English)"), "", "We have it"),
)
KIND: Final = TableKind(
    code="names",
    label=_("Names"),
    explanation=_("What the county calls states, ways and reasons. An empty cell leaves a word, - takes it away."),
    columns=(
        Column("code", ("编码", "代码"), True, _("Code"), _("As an exported table has it."), "state.received"),
        Column("name", ("原词", "名称"), False, _("Shipped word"), _("Only to be read; it changes nothing."), "已收到"),
        *WORDS,
    ),
    roles=frozenset({Role.OPERATOR.value}),
    open=Names,
    event="localnames.names_import.loaded",
    taken=_("This row contradicts what is stored."),
    rows=stored,
    called="name",
)
