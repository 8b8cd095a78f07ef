"""Words of table imports."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class RunState(StrEnum):
    """Where an import stands."""

    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"
    LOADING = "loading"
    DONE = "done"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return str(STATE_LABELS[self])


STATE_LABELS = {
    RunState.CHECKING: _("Checking"),
    RunState.CHECKED: _("Checked"),
    RunState.REFUSED: _("Not readable"),
    RunState.LOADING: _("Loading"),
    RunState.DONE: _("Done"),
    RunState.FAILED: _("Stopped"),
}


class RunMove(StrEnum):
    """What happens to an import."""

    LAY_OUT = "lay_out"
    CHECK = "check"
    REFUSE = "refuse"
    LOAD = "load"
    FINISH = "finish"
    # all rows or none, and one of them was refused
    TURN_BACK = "turn_back"
    BREAK_OFF = "break_off"


class Mode(StrEnum):
    """What becomes of a table with errors."""

    ALL = "all"
    VALID = "valid"

    @property
    def label(self) -> str:
        return str(MODE_LABELS[self])


MODE_LABELS = {Mode.ALL: _("All rows or none"), Mode.VALID: _("The valid rows")}


class Way(StrEnum):
    """Who said which column is which: the headings by themselves, the office's last time, or the person now."""

    HEADINGS = "headings"
    MEMORY = "memory"
    PERSON = "person"
