"""Who may bring which table, and when it may be loaded. Pure: no database."""

from __future__ import annotations

from collections.abc import Sequence, Set

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.intake.enums import Mode, RunState

# checked, loaded but for some rows, or stopped half-way
LOADABLE = frozenset({RunState.CHECKED, RunState.FAILED})


def may_bring(actor: Actor, roles: Set[str]) -> Decision:
    """A kind of table is for certain roles; the operator's command line (the system) may bring all."""
    if actor.kind == "system" or actor.roles & roles:
        return Decision.yes()
    return Decision.no("kind_not_yours", _("Tables of this kind are brought by other posts than yours."))


def may_take_sheet(*, state: RunState, kept: bool, sheet: str, sheets: Sequence[str]) -> Decision:
    """Another sheet of the same file, as long as nothing of it was loaded."""
    if state not in {RunState.CHECKED, RunState.REFUSED} or not kept:
        return Decision.no(
            "sheet_too_late", _("Another sheet can be taken only before loading. Bring the file once more.")
        )
    if sheet not in sheets:
        return Decision.no("sheet_missing", _("There is no such sheet in this file."))
    return Decision.yes()


def may_load(*, state: RunState, mode: Mode, total: int, wrong: int) -> Decision:
    """``total`` rows were read, ``wrong`` of them have problems."""
    if state is RunState.CHECKING:
        return Decision.no("still_checking", _("The table is still being checked. Please wait a moment."))
    if state not in LOADABLE:
        return Decision.no("not_loadable", _("This table is being loaded, is loaded already, or cannot be read."))
    if not total or total == wrong:
        return Decision.no("nothing_right", _("No row is without a problem. Correct the table and bring it again."))
    if mode is Mode.ALL and wrong:
        return Decision.no(
            "rows_wrong",
            _("Some rows have problems. Correct them and bring the table again, or load the valid rows only."),
        )
    return Decision.yes()
