"""The operator changes how long something may take."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Invalid, NotFound, Refused
from minqing.journal.services import record
from minqing.matters.clocks import Target
from minqing.matters.enums import ClockKind, Mechanism
from minqing.matters.models import Norm
from minqing.org.enums import Role


@transaction.atomic
def set_norm(*, mechanism: Mechanism, kind: ClockKind, target: Target, by: Actor) -> Norm:
    """From now on new clocks of that kind get ``target``; those that run keep theirs. The next release leaves it so.

    Raises NotFound where the county promises nothing of the kind, Refused for anybody but the operator.
    """
    if not by.has(Role.OPERATOR):
        raise Refused("not_operator", _("Only the operator may change how long something may take."))
    row = Norm.objects.select_for_update().filter(mechanism=mechanism.value, kind=kind.value).first()
    if row is None:
        raise NotFound("norm")
    written, before = target.as_json(), row.target
    if written == before:
        return row
    row.target, row.changed = written, True
    row.save(update_fields=["target", "changed"])
    data = {"mechanism": mechanism.value, "kind": kind.value, "target": written, "former": before}
    record(type="matters.norm.changed", subject=f"norm:{row.pk}", by=by, data={**data})
    return row


def target_from(amount: int, unit: str) -> Target:
    """``5`` and ``d`` as a target; raises Invalid for a term that is too short or too long."""
    try:
        return Target.parse(f"{amount}{unit}")
    except ValueError:
        raise Invalid("target", _("This term is too short or too long.")) from None
