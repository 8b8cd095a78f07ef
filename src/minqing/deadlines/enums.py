"""Words of every room's deadlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from minqing.core.words import Word

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Light(Word):
    """How a deadline stands: 绿 in time, 黄 nearly due, 红 overdue, 灰 none or settled."""

    GREEN = "green", _("In time")
    YELLOW = "yellow", _("Nearly due")
    RED = "red", _("Overdue")
    GREY = "grey", _("No deadline")


class Rung(Word):
    """Who something overdue has been carried up to (经办人 · 单位负责人 · 镇街 · 市)."""

    OFFICER = "officer", _("Case officer")
    HEAD = "head", _("Head of unit")
    TOWNSHIP = "township", _("Township")
    CITY = "city", _("City")


# who stands there for what no unit has yet
BEFORE_A_UNIT: Final = {
    Rung.HEAD: _("Those who sort there, and the township's leaders"),
    Rung.TOWNSHIP: _("The desk above"),
    Rung.CITY: _("The county's leaders"),
}


def carried_to(rung: Rung, *, waiting: bool) -> StrOrPromise:
    """Who hears at that rung of what a unit has, or of what is ``waiting`` for a unit."""
    return BEFORE_A_UNIT[rung] if waiting and rung in BEFORE_A_UNIT else rung.label
