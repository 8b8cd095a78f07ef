"""Who sees what and who may change the organisation, decided from the actor alone. Pure: no database."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.characters import fold_name
from minqing.core.decision import Decision
from minqing.core.errors import Invalid
from minqing.org.enums import Level, Role

# roles whose post opens the area it is in; the others see what is assigned to their unit, or figures, or nothing
SEES_AREA = frozenset({Role.CADRE, Role.VILLAGE_SECRETARY, Role.CLERK, Role.LEADER, Role.ANALYST})
SEES_UNIT = frozenset({Role.CLERK, Role.HANDLER, Role.UNIT_HEAD, Role.VILLAGE_SECRETARY})
SEES_HOUSEHOLDS = frozenset({Role.CADRE, Role.VILLAGE_SECRETARY, Role.CLERK})
# what neighbours must not know of one another is kept from posts in a village: a cadre may be a relative
SEES_CONFIDENTIAL = frozenset({Role.CLERK, Role.LEADER, Role.ANALYST})
# the order in which the post to act in is chosen when somebody holds several
RANK = {role: rank for rank, role in enumerate(Role)}
DEPTH = {level: depth for depth, level in enumerate(Level)}


def may_manage(actor: Actor) -> Decision:
    """Areas, units, accounts, posts and working days are the operator's, and of commands and imports."""
    if actor.kind == "system" or actor.has(Role.OPERATOR):
        return Decision.yes()
    return Decision.no("not_operator", _("Only the operator may change areas, units, accounts and posts."))


def may_switch_off(actor: Actor, account_id: UUID) -> Decision:
    """Nobody locks themselves out."""
    if actor.id == account_id:
        return Decision.no("own_account", _("You cannot switch off your own account. Ask another operator."))
    return Decision.yes()


def may_lie_in(level: Level, parent: Level | None) -> Decision:
    """A city has nothing above it; everything else lies in an area of a higher level."""
    good = level is Level.CITY if parent is None else DEPTH[parent] < DEPTH[level]
    return Decision.yes() if good else Decision.no("wrong_level", _("The area above must be of a higher level."))


def clean_name(text: str) -> str:
    """A name as it is kept, whichever way it comes in; raises Invalid for one of which nothing can be seen."""
    if not (name := fold_name(text)):
        raise Invalid("name_empty", _("The name is missing."))
    return name
