"""Who may bring which table, and when it may be loaded. Pure: no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.sheets.headings import Field
from minqing.intake.enums import Mode, RunMove, RunState
from minqing.intake.lifecycle import RUN

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def may_bring(actor: Actor, roles: Set[str]) -> Decision:
    """A kind of table is for certain roles; the operator's command line (the system) may bring all."""
    if actor.kind == "system" or actor.roles & roles:
        return Decision.yes()
    return Decision.no("kind_not_yours", _("Tables of this kind are brought by other posts than yours."))


def may_lay_out(*, state: RunState, kept: bool, sheet: str, sheets: Sequence[str]) -> Decision:
    """The same file read otherwise, as long as nothing of it was loaded."""
    if RUN.target(state, RunMove.LAY_OUT) is None or not kept:
        return Decision.no(
            "layout_too_late",
            _("How a table is read can be changed only before it is loaded. Bring the file once more."),
        )
    if sheet not in sheets:
        return Decision.no("sheet_missing", _("There is no such sheet in this file."))
    return Decision.yes()


def columns_wrong(taken: Mapping[str, int], columns: Sequence[Field]) -> dict[str, StrOrPromise]:
    """What is wrong with a choice of columns, by field: two fields read of one column, or one not read that must be."""
    wrong: dict[str, StrOrPromise] = {}
    by_place: dict[int, str] = {}
    for name, place in taken.items():
        if by_place.setdefault(place, name) != name:
            wrong[name] = _("This column is read as another field already. Choose another one, or do not import this.")
    for one in columns:
        if one.required and not {one.name, one.instead} & taken.keys():
            wrong[one.name] = _("Without this no row can be taken in. Choose the column in which it stands.")
    return wrong


def may_take_columns(wrong: Mapping[str, StrOrPromise]) -> Decision:
    for sentence in wrong.values():
        return Decision.no("columns_wrong", sentence)
    return Decision.yes()


def may_load(*, state: RunState, mode: Mode, total: int, wrong: int, alone: bool = False) -> Decision:
    """``total`` rows were read, ``wrong`` of them have problems; ``alone``: a second person is to bring it first."""
    if state is RunState.CHECKING:
        return Decision.no("still_checking", _("The table is still being checked. Please wait a moment."))
    if RUN.target(state, RunMove.LOAD) is None:
        return Decision.no("not_loadable", _("This table is being loaded, is loaded already, or cannot be read."))
    if not total or total == wrong:
        return Decision.no("nothing_right", _("No row is without a problem. Correct the table and bring it again."))
    if mode is Mode.ALL and wrong:
        return Decision.no(
            "rows_wrong",
            _("Some rows have problems. Correct them and bring the table again, or load the valid rows only."),
        )
    if alone:
        return Decision.no(
            "second_missing",
            _("A second person looks at the papers too, brings the same file under “Tables”, and loads it."),
        )
    return Decision.yes()
