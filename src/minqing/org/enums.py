"""Words of the organisation."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Level(StrEnum):
    """Levels of areas: 市 · 镇街 · 村社 · 网格."""

    CITY = "city"
    TOWNSHIP = "township"
    VILLAGE = "village"
    GRID = "grid"

    @property
    def label(self) -> StrOrPromise:
        return LEVEL_LABELS[self]


LEVEL_LABELS = {
    Level.CITY: _("City"),
    Level.TOWNSHIP: _("Township"),
    Level.VILLAGE: _("Village"),
    Level.GRID: _("Grid"),
}


class Role(StrEnum):
    """What a post may do. With the anonymous visitor these are twelve."""

    CADRE = "cadre"
    VILLAGE_SECRETARY = "village_secretary"
    CLERK = "clerk"
    HANDLER = "handler"
    UNIT_HEAD = "unit_head"
    LEADER = "leader"
    ANALYST = "analyst"
    LIAISON = "liaison"
    VOLUNTEER = "volunteer"
    AUDITOR = "auditor"
    OPERATOR = "operator"

    @property
    def label(self) -> StrOrPromise:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.CADRE: _("Household cadre"),
    Role.VILLAGE_SECRETARY: _("Village secretary"),
    Role.CLERK: _("Township clerk"),
    Role.HANDLER: _("Case officer"),
    Role.UNIT_HEAD: _("Head of unit"),
    Role.LEADER: _("Leader"),
    Role.ANALYST: _("Analyst"),
    Role.LIAISON: _("Enterprise liaison"),
    Role.VOLUNTEER: _("Volunteer"),
    Role.AUDITOR: _("Auditor"),
    Role.OPERATOR: _("Operator"),
}

# who works with households, who handles matters, who looks at figures
FIELD = frozenset({Role.CADRE, Role.VILLAGE_SECRETARY, Role.CLERK})
DESK = frozenset({Role.CLERK, Role.HANDLER, Role.UNIT_HEAD, Role.VILLAGE_SECRETARY})
OVERSIGHT = frozenset({Role.LEADER, Role.ANALYST})


class UnitKind(StrEnum):
    """Kinds of units that can handle a matter."""

    OFFICE = "office"
    BUREAU = "bureau"
    VILLAGE = "village"
    SERVICE = "service"

    @property
    def label(self) -> StrOrPromise:
        return UNIT_LABELS[self]


UNIT_LABELS = {
    UnitKind.OFFICE: _("Township office"),
    UnitKind.BUREAU: _("City bureau"),
    UnitKind.VILLAGE: _("Village committee"),
    UnitKind.SERVICE: _("Service provider"),
}


class Goes(StrEnum):
    """What becomes of a row in an area that becomes part of another one."""

    ALONG = "along"  # of today: it is of the other area from then on
    HOME = "home"  # hangs on something that goes along, and goes with it
    STAYS = "stays"  # of the past: it stays, and is seen by those who see the other area


class ChangeKind(StrEnum):
    """How an area changed."""

    MERGE = "merge"
    HANG = "hang"
    RENAME = "rename"


class ChangeState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"

    @property
    def label(self) -> StrOrPromise:
        return CHANGE_STATE_LABELS[self]


CHANGE_STATE_LABELS = {
    ChangeState.RUNNING: _("Under way"),
    ChangeState.DONE: _("Done"),
    ChangeState.UNDOING: _("Being undone"),
    ChangeState.UNDONE: _("Undone"),
}


class ChangeMove(StrEnum):
    BEGIN = "begin"
    NOTE = "note"
    FINISH = "finish"
    UNDO = "undo"
    FINISH_UNDO = "finish_undo"
