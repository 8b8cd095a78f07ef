"""Who writes for the public, who answers for it, and what may be told. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.limits import Limit
from minqing.matters.enums import State
from minqing.org.enums import Role
from minqing.publications.enums import Act, Stage
from minqing.publications.lifecycle import PUBLICATION

# searches of the public page: a hall of people who share one address
SEARCH_BY_ADDRESS: Final = Limit("search.address", 60, timedelta(seconds=2))
# who writes for the public, and who answers for it
EDITORS: Final = frozenset({Role.CLERK, Role.LEADER})
WRONG_STAGE: Final = {
    Act.PREPARE: _("This is on the public page. Take it off before you change it."),
    Act.REVIEW: _("There is no draft here that waits for review."),
    Act.PUBLISH: _("A second person must review it first."),
    Act.WITHDRAW: _("There is nothing here to take off."),
}
OBJECTION: Final = _("The reporter does not want this to be published.")


def may_edit(actor: Actor, *, area_id: int) -> Decision:
    """A clerk or leader of the matter's area; jobs of the system may only withdraw, see :func:`may`."""
    if area_id in actor.areas and actor.has(*EDITORS):
        return Decision.yes()
    return Decision.no("not_editor", _("Only a clerk or leader of this place may publish its matters."))


def is_offered(actor: Actor, *, area_id: int, state: str, confidential: bool, objection: bool) -> bool:
    """Whether a matter's page leads on to its publication: what else stands against it is said there."""
    told = state == State.CONFIRMED and not confidential and not objection
    return told and bool(may_edit(actor, area_id=area_id))


def may(
    act: Act,
    actor: Actor,
    *,
    stage: Stage | None,
    area_id: int,
    prepared_by: UUID | None = None,
    objection: bool = False,
) -> Decision:
    """Whether ``actor`` may do ``act`` now: state, place, the reporter's objection, four eyes."""
    if PUBLICATION.target(stage, act) is None:
        return Decision.no("wrong_stage", WRONG_STAGE[act])
    if act is Act.WITHDRAW and actor.kind == "system":
        return Decision.yes()
    allowed = may_edit(actor, area_id=area_id)
    if allowed and objection and act in {Act.REVIEW, Act.PUBLISH}:
        return Decision.no("objection", OBJECTION)
    if allowed and act is Act.REVIEW and actor.id == prepared_by:
        return Decision.no("same_person", _("You wrote this text. Somebody else must review it."))
    return allowed


def is_publishable(
    *, state: str, solved: bool | None, publishable: bool | None, confidential: bool, objection: bool
) -> Decision:
    """Solved by the reporter's last word, and of a category that is not sensitive (None: not sorted yet).

    Never what was told in confidence, however well it is rewritten: the household would know it. Nor what its
    reporter does not want published.
    """
    if confidential:
        return Decision.no("confidential", _("This was told in confidence. It is never published."))
    if objection:
        return Decision.no("objection", OBJECTION)
    if state != State.CONFIRMED or not solved:
        return Decision.no("not_solved", _("Only matters that the reporter called solved are published."))
    if publishable is None:
        return Decision.no("not_sorted", _("Sort this matter first: some categories are not published."))
    if not publishable:
        return Decision.no("sensitive", _("Matters of this category are not published: they are about private life."))
    return Decision.yes()


def may_publish_figures(actor: Actor, *, whole: bool) -> Decision:
    """``whole``: the actor sees every area; figures of a part would stand there as the county's."""
    if actor.kind == "system" or (whole and actor.has(Role.LEADER)):
        return Decision.yes()
    return Decision.no("not_leader", _("Only a leader of the whole county may publish its figures."))
