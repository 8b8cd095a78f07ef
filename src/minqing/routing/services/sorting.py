"""One form of the queue: a unit to lead, and those that are to join, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.journal.idempotency import as_one_send
from minqing.matters import services
from minqing.matters.words import in_house

TO_JOIN = _("Support the unit that leads, and tell it what you can do.")


@transaction.atomic
def sort_matter(
    *, id: UUID, matter: Any, unit: int, by: Actor, supporting: Sequence[int] = (), note: str = "", **how: Any
) -> Any:
    """Assign ``matter`` to ``unit`` as ``assign_matter`` does, and ask each of ``supporting`` to join.

    What the clerk says to the unit is said to all of them. With one that joins it is handled jointly. All or nothing:
    a unit that cannot join takes the assignment back too. Sent twice it is done once, other words are refused.
    """
    told = {"unit": unit, "supporting": sorted(supporting), "note": note, **how}
    with as_one_send("sort_matter", {"matter": matter, **told}):
        done = services.assign_matter(id=id, matter=matter, unit=unit, by=by, note=note, **how)
    if supporting:
        unit, *also = sorted(supporting)
        task = note or in_house(TO_JOIN)
        done = services.ask_part(id=uuid5(id, "join"), matter=done, unit=unit, also=also, task=task, by=by)
    return done
