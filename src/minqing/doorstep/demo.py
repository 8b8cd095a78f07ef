"""What of the made-up county stands at its doors."""

from __future__ import annotations

from django.urls import reverse

from minqing.core.actor import Actor
from minqing.households.demo import DemoPart
from minqing.households.queries import visible_households
from minqing.households.services import issue_code


class Doors(DemoPart):
    @classmethod
    def addresses(cls, *, by: Actor) -> list[str]:
        """The address on a door."""
        home = visible_households(by).filter(closed_at=None).order_by("number")[0]
        return [reverse("doorstep:door", args=[issue_code(household_id=home.pk, by=by).token])]
