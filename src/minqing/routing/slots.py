"""What this room adds to today's page."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core import clock
from minqing.matters.enums import State
from minqing.org.access import PageRequest
from minqing.routing.queries.day import Day, awaited, day_of
from minqing.web.pieces import WEEK_AGO, Stat, against, link
from minqing.web.slots import drawn

SAME_DAY = (gettext_lazy("{difference} than this day last week"), gettext_lazy("as on this day last week"))


def on_rail(request: PageRequest, now: datetime) -> str:
    """How the clerk's places stand beside a week ago, and which units have not taken up what they were given."""
    waits = [
        {"one": one, "url": link("matters:list", state=State.ASSIGNED, unit=one.unit)}
        for one in awaited(request.actor, now)
    ]
    context = {"stats": stats(day_of(request.actor, now), now), "waits": waits}
    return drawn(request, "routing/parts/day.html", context)


def in_navigation(_request: PageRequest, _about: None) -> list[tuple[str, str]]:
    """The entry of the queue, and whose number stands beside it."""
    return [("routing:triage", "matters.triage")]


def stats(day: Day, now: datetime) -> list[Stat]:
    today = clock.local_date(now)
    return [
        Stat(
            _("Received today"),
            day.received,
            url=link("matters:list", since=today, until=today),
            change=against(day.received, day.received_before, than=SAME_DAY),
        ),
        Stat(
            _("To sort"),
            day.unsorted,
            url=link("routing:triage"),
            change=_("assigned today: %(n)d") % {"n": day.assigned},
        ),
        Stat(
            _("Open now"),
            day.open,
            url=link("matters:list", state="open"),
            change=against(day.open, day.open_before, than=WEEK_AGO, more="bad"),
        ),
        Stat(
            _("Of these overdue"),
            day.overdue,
            url=link("matters:list", light="red"),
            change=against(day.overdue, day.overdue_before, than=WEEK_AGO, more="bad"),
            bad=bool(day.overdue),
        ),
    ]
