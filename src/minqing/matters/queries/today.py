"""What waits for one person in a unit."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from minqing.core.actor import Actor
from minqing.deadlines.enums import Light
from minqing.matters.enums import OPEN, State
from minqing.matters.queries.lights import with_lights
from minqing.matters.queries.visibility import visible_matters
from minqing.web.pieces import Figure, link


def queue_figures(actor: Actor, now: datetime) -> list[Figure]:
    """Matters of the actor's unit by what is next: one query."""
    mine = Q(lead_unit_id__in=actor.units) & ~Q(state=State.RECEIVED)
    n = with_lights(visible_matters(actor).filter(state__in=OPEN), now).aggregate(
        waiting=Count("id", filter=mine & Q(state=State.ASSIGNED)),
        in_hand=Count("id", filter=mine & Q(state=State.ACCEPTED)),
        yellow=Count("id", filter=mine & Q(light=Light.YELLOW)),
        red=Count("id", filter=mine & Q(light=Light.RED)),
    )
    unit = next(iter(actor.units), "")
    return [
        Figure(_("To take up"), n["waiting"], link("matters:list", state=State.ASSIGNED, unit=unit)),
        Figure(_("In hand"), n["in_hand"], link("matters:list", state=State.ACCEPTED, unit=unit)),
        *(
            Figure(label, n[light], link("matters:list", light=light, unit=unit), light=light if n[light] else "")
            for label, light in ((_("Nearly due"), "yellow"), (_("Overdue"), "red"))
        ),
    ]
