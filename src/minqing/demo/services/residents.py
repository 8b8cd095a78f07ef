"""Where a resident of the demo begins: what somebody without an account would have in hand."""

from __future__ import annotations

from django.urls import reverse

from minqing.households.queries import visible_households
from minqing.households.services import issue_code
from minqing.matters.enums import State
from minqing.matters.queries import visible_matters
from minqing.matters.tickets import ticket_of
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as


def door() -> str:
    """The address on a door."""
    with acting_as(system_actor("demo")) as by:
        home = visible_households(by).filter(closed_at=None).order_by("number")[0]
        return reverse("doorstep:door", args=[issue_code(household_id=home.pk, by=by).token])


def answered() -> str:
    """The private link of a matter that was answered last and waits for its reporter's word."""
    with acting_as(system_actor("demo")) as by:
        waiting = visible_matters(by).filter(state=State.FINISHED).order_by("-finished_at")
        return reverse("reporting:follow", args=[ticket_of(waiting[0].pk)]) if waiting else reverse("reporting:find")
