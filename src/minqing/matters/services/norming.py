"""The operator changes how long something may take."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Invalid, NotFound, Refused
from minqing.deadlines import Target
from minqing.deadlines.services import ANEW, lock_things_of
from minqing.journal.services import Json, record
from minqing.matters.enums import ClockKind, Mechanism
from minqing.matters.models import Clock, Norm
from minqing.matters.queries.clocks import CLOCKS
from minqing.org.enums import Role
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as


@transaction.atomic
def set_norm(*, mechanism: Mechanism, kind: ClockKind, target: Target, by: Actor, running: bool = False) -> Norm:
    """From now on new clocks of that kind get ``target``. The next release leaves it so.

    With ``running`` those that run by this norm get it too, counted from where they began, and are reckoned anew by
    what listens to the event; what a person, a category or a law has said stays. Raises NotFound where the county
    promises nothing of the kind, Refused for anybody but the operator.
    """
    if not by.has(Role.OPERATOR):
        raise Refused("not_operator", _("Only the operator may change how long something may take."))
    row = Norm.objects.select_for_update().filter(mechanism=mechanism.value, kind=kind.value).first()
    if row is None:
        raise NotFound("norm")
    written, before = target.as_json(), row.target
    followed = follow(row, written) if running else 0
    if written == before and not followed:
        return row
    row.target, row.changed = written, True
    row.save(update_fields=["target", "changed"])
    data: dict[str, Json] = {"mechanism": mechanism.value, "kind": kind.value, "target": written, "former": before}
    if running:
        data["running"] = followed
    record(type="matters.norm.changed", subject=f"norm:{row.pk}", by=by, data=data)
    return row


def follow(row: Norm, written: str) -> int:
    """Give what runs by this norm the new term, to be reckoned anew; returns how many clocks that are."""
    with acting_as(system_actor("matters.norms")):
        clocks = Clock.objects.filter(norm=row.mechanism, kind=row.kind, stopped_at=None).exclude(target=written)
        # a move that is under way would write back what it has read: it is waited for, and looked at after it
        lock_things_of(CLOCKS, clocks)
        return clocks.update(target=written, calendar=ANEW)


def target_from(amount: int, unit: str) -> Target:
    """``5`` and ``d`` as a target; raises Invalid for a term that is too short or too long."""
    try:
        return Target.parse(f"{amount}{unit}")
    except ValueError:
        raise Invalid("target", _("This term is too short or too long.")) from None
