"""Terms, the ladder and reasons to wait as tables: what stands goes out, and comes back changed.

None of these is added by a table or taken away: a row says by its code what it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.cache_version import invalidate
from minqing.core.characters import key_of
from minqing.core.errors import Invalid
from minqing.core.retry import one_at_a_time
from minqing.core.sheets.meanings import meanings
from minqing.deadlines import Target, shipped
from minqing.deadlines.books import UPKEEPS, Book
from minqing.deadlines.models import Norm
from minqing.deadlines.queries import ladder, norms_of, waiting_for
from minqing.deadlines.rows import Clock
from minqing.deadlines.services import set_ladder, set_norm, set_pause_rule, target_from
from minqing.deadlines.services.ladder import HEARING, turn_of
from minqing.deadlines.shapes import Unit
from minqing.intake.kinds import Column, Row, TableKind
from minqing.org.enums import Role
from minqing.org.imports.base import OrgTable, Told, doubled, name_of
from minqing.org.imports.words import yes_or_no
from minqing.org.services import Outcome

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OPERATORS: Final = frozenset({Role.OPERATOR.value})
COUNTED: Final[Mapping[Unit, StrOrPromise]] = {
    Unit.DAYS: _("working days"),
    Unit.HOURS: _("working hours"),
    Unit.CALENDAR_DAYS: _("natural days"),
}
ALSO: Final[Mapping[Unit, tuple[str, ...]]] = {
    Unit.DAYS: ("工作日", "天"), Unit.HOURS: ("工作小时", "小时"), Unit.CALENDAR_DAYS: ("自然日",)
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TermSubject:
    """What a row is about, by its code: the room's book, and the kind of clock, the rung or the reason in it."""

    book: Book[Clock]
    what: Any
    name: str


@dataclass(frozen=True, slots=True)
class Data:
    place: TermSubject
    values: Mapping[str, Any]


def books() -> list[Book[Clock]]:
    return [one.book for one in UPKEEPS if one.book.reference]


class Settings(OrgTable):
    """One pass over one file: each row is about one of ``places()``, and is written by ``write``."""

    def places(self) -> Mapping[str, TermSubject]:
        raise NotImplementedError

    @cached_property
    def known(self) -> Mapping[str, TermSubject]:
        """Asked for once, not with each row."""
        return self.places()

    def values(self, told: Told, place: TermSubject, cell: Mapping[str, str]) -> Mapping[str, Any]:
        raise NotImplementedError

    def check(self, row: Row, cell: Mapping[str, str]) -> None:
        told = Told(row)
        code = told.take("code", lambda: name_of(cell["code"], 60).casefold(), "")
        place = told.take("code", lambda: self.place_of(code), None) if code else None
        if place is None:
            return
        values = self.values(told, place, cell)
        if met := self.seen.first("setting", code, row.number):
            row.problems["code"] = doubled(met.row)
        if not row.problems:
            row.data = Data(place, values)

    def place_of(self, code: str) -> TermSubject:
        found = self.known.get(code)
        if found is None:
            raise Invalid("code_unknown", _("There is nothing of this code. Take the codes from an exported table."))
        return found

    def understood(self, row: Row) -> Mapping[str, str]:
        data: Data = row.data
        return {"name": data.place.name}


def number_in(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise Invalid("number_wrong", _("Write a whole number."))
    return int(text[:6])


def unit_in(text: str) -> Unit:
    found = meanings(COUNTED, ALSO).get(key_of(text)) if len(text) <= 20 else None
    if found is None:
        allowed = "、".join(str(one) for one in COUNTED.values())
        raise Invalid("word_unknown", format_lazy(_("Not understood. Write one of: {allowed}."), allowed=allowed))
    return found


def term_in(told: Told, cell: Mapping[str, str]) -> Target | None:
    amount = told.take("amount", lambda: number_in(cell["amount"]), 1)
    unit = told.take("unit", lambda: unit_in(cell["unit"]), Unit.DAYS)
    if told.row.problems:
        return None
    return told.take("amount", lambda: target_from(amount, unit.value), None)


class Norms(Settings):
    def places(self) -> Mapping[str, TermSubject]:
        return {code: TermSubject(book, norm, name) for code, book, norm, name in norms_coded()}

    def values(self, told: Told, place: TermSubject, cell: Mapping[str, str]) -> Mapping[str, Any]:
        return {"target": term_in(told, cell)}

    def save(self, row: Row) -> Outcome:
        data: Data = row.data
        norm, target = data.place.what, data.values["target"]
        if target.as_json() == norm.target:
            return "unchanged"
        set_norm(book=data.place.book, way=norm.way, kind=norm.kind, target=target, by=self.by)
        return "updated"


def norms_coded() -> Iterator[tuple[str, Book[Clock], Norm, str]]:
    for book in books():
        for norm in norms_of(book):
            kind = book.kinds(norm.kind).label if book.kinds else norm.kind
            way = book.word(book.ways(norm.way)) if book.ways else norm.way
            yield f"{book.room}.{norm.way}.{norm.kind}", book, norm, f"{book.label} · {way} · {kind}"


def stored_norms() -> Iterable[Mapping[str, object]]:
    for code, _book, norm, name in norms_coded():
        target = Target.parse(norm.target)
        yield {"code": code, "name": name, "amount": target.amount, "unit": str(COUNTED[target.unit])}


class Ladder(Settings):
    """The rungs of one room are changed together: no rung hears before a lower one, at any moment."""

    def places(self) -> Mapping[str, TermSubject]:
        return {f"{book.room}.{rung.value}": TermSubject(book, rung, named(book, rung)) for book, rung in rungs()}

    def values(self, told: Told, place: TermSubject, cell: Mapping[str, str]) -> Mapping[str, Any]:
        used = told.take("used", lambda: yes_or_no(cell["used"]), True)
        return {"after": term_in(told, cell) if used else None}

    def together(self, rows: Sequence[Row]) -> Iterable[list[Row]]:
        rooms: dict[str, list[Row]] = {}
        for row in rows:
            rooms.setdefault(row.data.place.book.room, []).append(row)
        return rooms.values()

    def save_all(self, rows: Sequence[Row]) -> Sequence[Outcome]:
        book = rows[0].data.place.book
        # before it is looked at: what somebody else changes meanwhile stays
        one_at_a_time(turn_of(book))
        invalidate()
        now = {step.rung: step.after for step in ladder(book)}
        said = {row.data.place.what: row.data.values["after"] for row in rows}
        set_ladder(book=book, steps=now | said, by=self.by)
        return ["unchanged" if now.get(rung) == after else "updated" for rung, after in said.items()]


def rungs() -> list[tuple[Book[Clock], Any]]:
    return [(book, rung) for book in books() if shipped.ladder(book.reference) for rung in HEARING]


def named(book: Book[Clock], member: Any) -> str:
    return f"{book.label} · {member.label}"


def stored_ladder() -> Iterable[Mapping[str, object]]:
    for book, rung in rungs():
        after = {step.rung: step.after for step in ladder(book)}.get(rung)
        target = after or Target(days=1)
        yield {
            "code": f"{book.room}.{rung.value}",
            "name": named(book, rung),
            "used": after is not None,
            "amount": target.amount,
            "unit": str(COUNTED[target.unit]),
        }


class Reasons(Settings):
    def places(self) -> Mapping[str, TermSubject]:
        return {code: TermSubject(book, reason, name) for code, book, reason, name in reasons_coded()}

    def values(self, told: Told, place: TermSubject, cell: Mapping[str, str]) -> Mapping[str, Any]:
        none: list[str] = []
        return {
            "offered": told.take("offered", lambda: yes_or_no(cell["offered"]), True),
            "longest": told.take("longest", lambda: number_in(cell["longest"]), 1),
            "stops": told.take("stops", lambda: clocks_in(place.book, cell["stops"]), none),
        }

    def save(self, row: Row) -> Outcome:
        data: Data = row.data
        new = set_pause_rule(book=data.place.book, reason=data.place.what.value, **data.values, by=self.by)
        return "updated" if new else "unchanged"


def reasons_coded() -> Iterator[tuple[str, Book[Clock], Any, str]]:
    for book in books():
        for reason in book.reasons or ():
            yield f"{book.room}.{reason.value}", book, reason, f"{book.label} · {book.word(reason)}"


def clocks_in(book: Book[Clock], text: str) -> list[str]:
    known = meanings({kind: kind.label for kind in book.kinds or ()}, {})
    found = []
    for word in text.replace("，", "、").replace(",", "、").split("、"):
        kind = known.get(key_of(word)) if len(word) <= 60 else None
        if kind is None:
            allowed = "、".join(str(one.label) for one in book.kinds or ())
            raise Invalid("word_unknown", format_lazy(_("Not understood. Write one of: {allowed}."), allowed=allowed))
        found.append(kind.value)
    return found


def stored_reasons() -> Iterable[Mapping[str, object]]:
    for code, book, reason, name in reasons_coded():
        rule = waiting_for(book, reason)
        stops = "、".join(str(kind.label) for kind in book.kinds or () if kind.value in rule.stops)
        yield {"code": code, "name": name, "offered": rule.offered, "longest": rule.longest, "stops": stops}


def code(*example: str) -> Column:
    return Column("code", ("编码", "代码"), True, _("Code"), _("As an exported table has it."), ".".join(example))


def name(example: str) -> Column:
    return Column(
        "name", ("名称", "说明"), False, _("What it is called"), _("Only to be read; it changes nothing."), example
    )


AMOUNT: Final = Column("amount", ("期限", "时长", "多久"), True, _("Term"), _("A whole number."), "5")
UNIT: Final = Column(
    "unit", ("单位", "计算单位"), True, _("Counted in"), _("working days, working hours, natural days"), "工作日"
)
TAKEN: Final = _("This row contradicts what is stored.")
NORMS: Final = TableKind(
    code="norms",
    label=_("Terms"),
    explanation=_("How long each thing may take. What is running keeps its term; what begins now gets the new one."),
    columns=(code("matters", "immediate", "finish"), name("民情事项 · 即办 · 办结"), AMOUNT, UNIT),
    roles=OPERATORS,
    open=Norms,
    event="deadlines.norms_import.loaded",
    taken=TAKEN,
    rows=stored_norms,
    called="name",
)
LADDER: Final = TableKind(
    code="ladder",
    label=_("Who hears of what is overdue"),
    explanation=_("How long after a deadline each rung hears of it. The rungs of one list are changed together."),
    columns=(
        code("matters", "head"),
        name("民情事项 · 单位负责人"),
        Column("used", ("通知", "是否通知", "启用"), True, _("Hears of it"), _("Yes or no."), "是"),
        AMOUNT,
        UNIT,
    ),
    roles=OPERATORS,
    open=Ladder,
    event="deadlines.ladder_import.loaded",
    taken=TAKEN,
    rows=stored_ladder,
    called="name",
)
REASONS: Final = TableKind(
    code="reasons",
    label=_("Reasons to wait"),
    explanation=_("What waiting means: whether a reason may be chosen, for how long, which clocks stand still."),
    columns=(
        code("matters", "reporter"),
        name("民情事项 · 等反映人"),
        Column("offered", ("可选用", "可选", "启用"), True, _("May be chosen"), _("Yes or no."), "是"),
        Column("longest", ("最长天数", "天数"), True, _("At most (days)"), "", "30"),
        Column("stops", ("停下的期限", "停表"), True, _("These clocks stand still"), _("Parted by 、"), "办结"),
    ),
    roles=OPERATORS,
    open=Reasons,
    event="deadlines.reasons_import.loaded",
    taken=TAKEN,
    rows=stored_reasons,
    called="name",
)
KINDS: Final = (NORMS, LADDER, REASONS)
