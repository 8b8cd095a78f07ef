"""Who may see and change household files, decided from the actor alone. Pure: no database."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.org.enums import Role
from minqing.org.rules import SEES_HOUSEHOLDS

ISSUES_CODES = frozenset({Role.VILLAGE_SECRETARY, Role.CLERK})
MERGES = frozenset({Role.VILLAGE_SECRETARY, Role.CLERK})
TELLS_LOOKS = frozenset({Role.VILLAGE_SECRETARY, Role.CLERK})


def may_keep_tags(actor: Actor) -> Decision:
    """Which tags there are, who sees them and how long they hold is the operator's, and of the command line."""
    if actor.kind == "system" or actor.has(Role.OPERATOR):
        return Decision.yes()
    return Decision.no("not_operator", _("Only the operator may change the tags."))


def sees_files(actor: Actor) -> bool:
    """Whether the actor sees household files at all; which ones, its areas say."""
    return actor.kind == "system" or (actor.kind == "user" and actor.has(*SEES_HOUSEHOLDS))


def may_see(actor: Actor, area_id: int) -> Decision:
    if sees_files(actor) and area_id in actor.areas:
        return Decision.yes()
    return Decision.no("not_your_area", _("This household is not in your area."))


def may_change(actor: Actor, area_id: int) -> Decision:
    """Whoever works with a household's file may also correct it; the journal holds who did."""
    return may_see(actor, area_id)


def may_move(actor: Actor, from_area: int, to_area: int) -> Decision:
    """A person moves out of one file and into another: both must be the actor's to change."""
    return may_change(actor, from_area) & may_change(actor, to_area)


def may_carry(actor: Actor) -> Decision:
    """Whole areas of files go along with a change of areas that an operator makes; a job of the system does it."""
    if actor.kind == "system":
        return Decision.yes()
    return Decision.no("not_the_system", _("Files go along with their area when an operator changes it."))


def may_issue_codes(actor: Actor, area_id: int) -> Decision:
    if not may_see(actor, area_id):
        return may_see(actor, area_id)
    if actor.kind == "system" or actor.has(*ISSUES_CODES):
        return Decision.yes()
    return Decision.no("not_issuer", _("Only the village secretary or the township clerk may issue door codes."))


def may_see_looks(actor: Actor, area_id: int) -> Decision:
    """Who opened a household's file: told by those whom the household may ask, in the village and the township."""
    if actor.has(*TELLS_LOOKS) and area_id in actor.areas:
        return Decision.yes()
    return Decision.no("not_to_tell", _("Who opened a file is told by the village secretary or the township clerk."))


def may_merge(actor: Actor, one_area: int, other_area: int) -> Decision:
    """Whether two entries are one person is said by who answers for the files of both."""
    if not actor.has(*MERGES):
        return Decision.no("not_a_merger", _("Entries are joined by the village secretary or the township clerk."))
    return may_move(actor, one_area, other_area)


def may_take_in(*, closed: bool) -> Decision:
    """Nobody comes into a file in which nobody lives any more, and no code is made for its door."""
    if closed:
        return Decision.no("household_closed", _("This household's file is closed. Choose another household."))
    return Decision.yes()


def sees_tag(actor: Actor, roles: Iterable[str]) -> bool:
    """A tag with ``roles`` is for those alone, one without for everybody who sees the file."""
    wanted = frozenset(roles)
    return sees_files(actor) and (actor.kind == "system" or not wanted or actor.has(*wanted))


def may_grant_tag(actor: Actor, area_id: int, roles: Iterable[str]) -> Decision:
    """One may give and take back the tags that one sees."""
    if not may_change(actor, area_id):
        return may_change(actor, area_id)
    if sees_tag(actor, roles):
        return Decision.yes()
    return Decision.no("not_your_tag", _("Your post may not give or take back this tag."))
