"""What of the made-up county its reporters have in hand."""

from __future__ import annotations

from django.urls import reverse

from minqing.core.actor import Actor
from minqing.households.demo import DemoPart
from minqing.matters.queries import visible_matters
from minqing.matters.tickets import ticket_of


class Tickets(DemoPart):
    @classmethod
    def addresses(cls, *, by: Actor) -> list[str]:
        """The private links of an old and a new matter."""
        matters = visible_matters(by).order_by("received_at")
        return [reverse("reporting:follow", args=[ticket_of(one.pk)]) for one in (matters[0], matters.reverse()[0])]
