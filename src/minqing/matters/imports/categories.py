"""Categories from a table: what matters can be about, in three languages, with terms and who usually handles them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.characters import fold_dashes, one_form
from minqing.core.errors import Invalid
from minqing.deadlines import Target, Unit
from minqing.intake.kinds import Column, Row, TableKind
from minqing.matters.models import Category
from minqing.matters.queries.category_upkeep import stored_categories
from minqing.matters.rules.categories import BETWEEN, CHECKS, DEEPEST, Said, check_code, check_unit, named, words_in
from minqing.matters.services import Wanted, save_categories
from minqing.org.enums import Role
from minqing.org.imports.base import OrgTable, Told, doubled, name_of
from minqing.org.imports.words import yes_or_no
from minqing.org.queries import units_at_work
from minqing.org.services import Outcome

# the sign by which a cell empties what is stored; an empty cell leaves it
NOTHING: Final = "-"
# of what is said the column, where it is called otherwise
COLUMNS: Final = {"legal_term": "legal_days"}
LANGUAGES: Final = {"zh-hant": "name_hant", "en": "name_en"}


@dataclass(frozen=True, slots=True)
class Data:
    """``cell`` as typed, until what is stored was looked at: then ``said`` is the whole of it."""

    code: str
    cell: Mapping[str, str]
    used: bool | None
    publishable: bool | None
    working_days: int
    legal_term: str
    said: Said | None = None


class Categories(OrgTable):
    """One pass over one file; an upper category stands above those below it."""

    def check(self, row: Row, cell: Mapping[str, str]) -> None:
        told = Told(row)
        code = told.take("code", lambda: check_code(name_of(cell["code"], 40).casefold()), "")
        used = told.take("used", lambda: perhaps(cell["used"]), None)
        public = told.take("publishable", lambda: perhaps(cell["publishable"]), None)
        days = told.take("working_days", lambda: number_in(cell["working_days"]), 1)
        told.take("unit_code", lambda: check_unit(cell["unit_code"]), "")
        legal = told.take("legal_days", lambda: term_in(cell["legal_days"]), "")
        if code and (met := self.seen.first("category", code, row.number)):
            row.problems["code"] = doubled(met.row)
        if code:
            row.data = Data(code, dict(cell), used, public, days, legal)

    def look(self, rows: Sequence[Row]) -> None:
        """An empty cell leaves what is stored."""
        stored = {one.code: one for one in stored_categories()}
        at_work = {unit.code for unit in units_at_work()}
        for row in rows:
            was = stored.get(row.data.code) or Category(code=row.data.code)
            said = whole(row.data, was)
            # one that is stored may stay, as on the page
            known = {*at_work, *was.unit_code.split("|")}
            told = Told(row)
            told.take("unit_code", partial(check_at_work, said.unit_code, known), None)
            row.data = replace(row.data, said=said)
            for field, check in CHECKS.items():
                told.take(COLUMNS.get(field, field), partial(check, said), None)
            for language, column in LANGUAGES.items():
                told.take(column, partial(named, said, language), "")

    def together(self, rows: Sequence[Row]) -> Iterable[list[Row]]:
        """Those whose names go from one to another at once, and one that gets onto another level with what lies below
        it; from above down, then what is put aside from below up.
        """
        stored = stored_categories()
        above = {one.code: one.parent_id or "" for one in stored} | {row.data.code: said_of(row).parent for row in rows}
        groups = {row.data.code: [row] for row in sorted(rows, key=lambda row: turn_of(row.data, above))}
        holders = {one.name: one.code for one in stored if one.code in groups}
        moved = {one.code for one in stored if one.code in groups and level_of(one.code, above) != one.level}
        for row in rows:
            join(groups, row.data.code, holders.get(said_of(row).name, row.data.code))
        for one in stored:
            if one.code in groups and one.parent_id in moved:
                join(groups, one.parent_id, one.code)
        once = {id(group): group for group in groups.values()}.values()
        return [sorted(group, key=lambda row: turn_of(row.data, above)) for group in once]

    def save_all(self, rows: Sequence[Row]) -> Sequence[Outcome]:
        wanted = [Wanted(code=row.data.code, said=said_of(row), used=row.data.used) for row in rows]
        return save_categories(wanted=wanted, by=self.by)


def said_of(row: Row) -> Said:
    data: Data = row.data
    assert data.said is not None  # noqa: S101
    return data.said


def join(groups: dict[str, list[Row]], first: str, second: str) -> None:
    mine, theirs = groups[first], groups[second]
    if mine is not theirs:
        mine += theirs
        groups |= {one.data.code: mine for one in theirs}


def level_of(code: str, above: Mapping[str, str]) -> int:
    """Counted from the top, at most one too deep."""
    level = 1
    while level <= DEEPEST and (code := above.get(code, "")):
        level += 1
    return level


def turn_of(data: Data, above: Mapping[str, str]) -> int:
    """Its level; what is put aside comes after all others, the deepest first."""
    level = level_of(data.code, above)
    return 2 * DEEPEST + 2 - level if data.used is False else level


def whole(data: Data, was: Category) -> Said:
    cell = data.cell
    return Said(
        name=kept(cell["name"], was.name),
        names={language: kept(cell[column], was.names.get(language, "")) for language, column in LANGUAGES.items()},
        parent=kept(cell["parent"].casefold(), was.parent_id or ""),
        unit_code=kept(cell["unit_code"], was.unit_code),
        working_days=data.working_days,
        legal_term=kept(data.legal_term, was.legal_term),
        keywords=words_in(kept(cell["keywords"], "")) if cell["keywords"] else was.keywords,
        publishable=was.publishable if data.publishable is None else data.publishable,
    )


def check_at_work(unit_code: str, known: Set[str]) -> None:
    for wanted in filter(None, unit_code.split("|")):
        if ":" not in wanted and wanted not in known:
            sentence = _("The unit “{code}” is not at work. Choose another one.")
            raise Invalid("unit_wrong", format_lazy(sentence, code=wanted))


def perhaps(text: str) -> bool | None:
    return yes_or_no(text) if text else None


def kept(typed: str, was: str) -> str:
    return "" if is_nothing(typed) else typed or was


def is_nothing(typed: str) -> bool:
    """A dash of any kind, and the two that a Chinese keyboard puts at once."""
    return set(fold_dashes(one_form(typed))) == {NOTHING}


def number_in(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise Invalid("days_wrong", _("Write a number of days, such as 5."))
    return int(text[:6])


def term_in(text: str) -> str:
    if is_nothing(text):
        return NOTHING
    return text and f"{number_in(text)}{Unit.CALENDAR_DAYS.value}"


def stored() -> Iterable[Mapping[str, object]]:
    for one in stored_categories():
        term = Target.parse(one.legal_term) if one.legal_term else None
        yield {
            "code": one.code,
            "name": one.name,
            "name_hant": one.names.get("zh-hant", ""),
            "name_en": one.names.get("en", ""),
            "parent": one.parent_id or "",
            "unit_code": one.unit_code,
            "working_days": one.working_days,
            "legal_days": (term and term.calendar_days) or "",
            "keywords": BETWEEN.join(one.keywords),
            "publishable": one.publishable,
            "used": not one.retired,
        }


KIND: Final = TableKind(
    code="categories",
    label=_("Categories of matters"),
    explanation=_("What a matter can be about. An upper category stands above those that lie below it."),
    columns=(
        Column("code", ("编码", "类别编码", "代码"), True, _("Category code"), _("It never changes."), "road.lamp"),
        Column("name", ("名称", "类别", "类别名称"), True, _("Name (Simplified Chinese)"), "", "路灯"),
        Column("name_hant", ("繁体名称", "繁體名稱"), False, _("Name (Traditional Chinese)"), _("- for none."), "路燈"),
        Column("name_en", ("英文名称", "英文"), False, _("Name (English)"), _("- for none."), "Street lamps"),
        Column("parent", ("上级编码", "上级"), False, _("Code of the one above it"), _("- for none."), "road"),
        Column(
            "unit_code",
            ("通常承办", "承办单位", "承办"),
            False,
            _("Who usually handles it"),
            _("A unit's code, or kind:office for the place's own. - for nobody."),
            "kind:office",
        ),
        Column("working_days", ("办理期限", "工作日"), True, _("Answered within (working days)"), "", "5"),
        Column(
            "legal_days",
            ("法定期限", "法定自然日"),
            False,
            _("The law allows at most (natural days)"),
            _("- for none."),
            "60",
        ),
        Column(
            "keywords", ("关键词",), False, _("Words that lead to it"), _("Parted by 、. - for none."), "路灯、照明"
        ),
        Column("publishable", ("可公开", "公开"), False, _("Solved matters may be told on the public page"), "", "是"),
        Column("used", ("启用", "在用", "是否启用"), False, _("In use"), _("Empty: as it is."), "是"),
    ),
    roles=frozenset({Role.OPERATOR.value}),
    open=Categories,
    event="matters.categories_import.loaded",
    taken=_("This row contradicts what is stored. Please check its code."),
    rows=stored,
    called="name",
)
