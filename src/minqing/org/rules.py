"""Who sees what and who may change the organisation, decided from the actor alone. Pure: no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.characters import fold_name
from minqing.core.decision import Decision
from minqing.core.errors import Invalid
from minqing.org.enums import Level, Role

if TYPE_CHECKING:
    from datetime import date

    from django_stubs_ext import StrOrPromise

UNIT_CODE_TAKEN = _("Another unit has this code. Choose another one.")


@dataclass(frozen=True, slots=True)
class Holding:
    """How many things of a kind belong to a place, a unit or a person; ``stops`` says why it is not to go as yet."""

    label: StrOrPromise
    count: int
    stops: StrOrPromise = ""


class AreaInForce(Protocol):
    """What is needed of an area here."""

    level: str
    path: str
    valid_to: date | None


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


def may_hang(area: AreaInForce, parent: AreaInForce) -> Decision:
    """An area goes below one of a higher level that is open, not inside itself and of the same city."""
    if parent.path.startswith(area.path):
        return Decision.no("area_inside_itself", _("An area cannot lie inside itself."))
    if parent.valid_to is not None:
        return Decision.no("area_closed", _("This area is closed. Open it again first, or choose another one."))
    if parent.path.partition(".")[0] != area.path.partition(".")[0]:
        # what is counted once a day is kept by the city
        return Decision.no("other_city", _("It would lose its figures: they are kept by the city in which it lies."))
    return may_lie_in(Level(area.level), Level(parent.level))


def may_merge(area: AreaInForce, into: AreaInForce) -> Decision:
    """An area becomes part of an open one of its own level in the same city."""
    if area.path == into.path or into.path.startswith(area.path):
        return Decision.no("area_inside_itself", _("An area cannot lie inside itself."))
    if area.valid_to is not None or into.valid_to is not None:
        return Decision.no("area_closed", _("This area is closed. Open it again first, or choose another one."))
    if area.level != into.level:
        return Decision.no("wrong_level", _("Only areas of one level are merged."))
    if into.path.partition(".")[0] != area.path.partition(".")[0]:
        return Decision.no("other_city", _("It would lose its figures: they are kept by the city in which it lies."))
    return Decision.yes()


def may_go(held: Iterable[Holding]) -> Decision:
    """Whether something may be closed, put out of use or switched off with what belongs to it."""
    reasons = [str(one.stops) for one in held if one.count and one.stops]
    return Decision.no("not_empty", " ".join(reasons)) if reasons else Decision.yes()


def clean_name(text: str) -> str:
    """A name as it is kept, whichever way it comes in; raises Invalid for one of which nothing can be seen."""
    if not (name := fold_name(text)):
        raise Invalid("name_empty", _("The name is missing."))
    return name


def clean_username(text: str) -> str:
    """A name to sign in with; raises Invalid for one with a blank in it, which nobody sees at its end."""
    if any(character.isspace() for character in text):
        raise Invalid("username_blank", _("A user name has no blanks in it: write it as one word, such as zhangsan."))
    return text
