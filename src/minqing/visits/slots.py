"""What this room adds to pages of other rooms."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.deadlines.due_words import of_day
from minqing.doorstep.queries import Door
from minqing.households.protocols import HouseholdLike
from minqing.org.access import PageRequest
from minqing.org.enums import DESK
from minqing.visits.enums import Met
from minqing.visits.queries import carers_of, last_visits
from minqing.visits.queries.campaigns import looked_out_for, rounds_for, rounds_now
from minqing.visits.queries.due import care_of, due_households, open_raised
from minqing.visits.queries.overview import overview
from minqing.visits.queries.places import map_of
from minqing.visits.queries.promises import open_of
from minqing.visits.queries.village import due_in_village, village_of
from minqing.visits.rules import may_assign, may_record
from minqing.web.overview import Overview, Scope
from minqing.web.pieces import Button, Stat, link, share
from minqing.web.slots import drawn

VISITS = 5


def on_today(request: PageRequest, now: datetime) -> str:
    """The households of a cadre that are due; nothing for those at a desk who have none in their care."""
    today = clock.local_date(now)
    care = care_of(request.actor, today)
    if request.actor.has(*DESK) and not care.households:
        return ""
    due = due_households(request.actor, today)
    files = [reverse("households:file", args=[one["household"].pk]) for one in due]
    context = {"care": care, "due": due, "map": map_of(request.actor, due, files)}
    return drawn(request, "visits/parts/to_visit.html", context)


def on_village(request: PageRequest, now: datetime) -> str:
    """The secretary's village in figures that lead to their rows, and what of it is due first."""
    found, today = village_of(request.actor, now), clock.local_date(now)
    spans = [
        (days, met, link("visits:list", since=today - timedelta(days=days - 1), until=today, met="somebody", once="on"))
        for days, met in found.met.items()
    ]
    stats = [
        Stat(gettext("Households of the village"), found.households, url=reverse("households:list")),
        *(
            Stat(gettext("Visited in %(days)d days") % {"days": n}, met, url=url, change=share(met, found.households))
            for n, met, url in spans
        ),
        Stat(
            gettext("Open matters of the village"),
            found.open,
            url=link("matters:list", state="open"),
            change=gettext("%(n)d of them overdue") % {"n": found.overdue},
        ),
    ]
    return drawn(request, "visits/parts/village.html", {"stats": stats})


def due_in_the_village(request: PageRequest, now: datetime) -> str:
    """What is due first in the secretary's village and with whom, though others handle it."""
    found = due_in_village(request.actor, now)
    late = sum(1 for one in found if one.due_at and one.due_at < now)
    context = {
        "matters": found,
        "late": late,
        "url": link("matters:list", **{"light": "red"} if late else {"state": "open"}),
    }
    return drawn(request, "visits/parts/due.html", context) if found else ""


def rounds_on_today(request: PageRequest, now: datetime) -> str:
    """Rounds of visits that are on, and how many of their households are still to be visited."""
    rounds = rounds_now(request.actor, clock.local_date(now))
    return drawn(request, "visits/parts/rounds.html", {"rounds": rounds}) if rounds else ""


def rounds_on_file(request: PageRequest, household: HouseholdLike) -> str:
    """In which rounds this household is still to be visited, and what to look out for."""
    rounds = rounds_for(request.actor, household.pk, household.area_id, clock.today())
    told = [(one, looked_out_for(one)) for one in rounds]
    return drawn(request, "visits/parts/round_on_file.html", {"rounds": told}) if told else ""


def raised_on_today(request: PageRequest, now: datetime) -> str:
    """How the matters of a cadre's own visits stand."""
    raised = open_raised(request.actor, now)
    return drawn(request, "visits/parts/raised.html", {"raised": raised}) if raised else ""


def at_door(_request: HttpRequest, door: Door) -> list[Button]:
    return [Button(_("Who is our cadre"), reverse("visits:cadre", args=[door.token]), "telephone")]


def on_leader(request: PageRequest, scope: Scope) -> list[Overview]:
    return [overview(scope)]


def write_on_file(request: PageRequest, household: HouseholdLike) -> str:
    if not may_record(request.actor, household.area_id):
        return ""
    return drawn(request, "visits/parts/write.html", {"household": household})


def visits_on_file(request: PageRequest, household: HouseholdLike) -> str:
    """The last visits to the household and what was said."""
    rows = [
        {"visit": one, "text": one.entry.text, "met": Met(one.met).label}
        for one in last_visits(request.actor, household.pk)[:VISITS]
    ]
    return drawn(request, "visits/parts/last_visits.html", {"visits": rows})


def care_on_file(request: PageRequest, household: HouseholdLike) -> str:
    """What was promised, and in whose care the household is."""
    context = {
        "household": household,
        "promises": promises(request.actor, household.pk),
        "carers": carers(request.actor, household.pk),
        "may_assign": may_assign(request.actor, household.area_id),
    }
    return drawn(request, "visits/parts/care.html", context)


def promises(actor: Actor, household_id: UUID) -> list[dict[str, object]]:
    today = clock.today()
    return [{"row": one, "due": of_day(one.due_on, today=today, every=30)} for one in open_of(actor, household_id)]


def carers(actor: Actor, household_id: UUID) -> list[dict[str, object]]:
    today = clock.today()
    return [
        {"name": one.account.name, "due": of_day(one.due_on, today=today, every=one.every_days)}
        for one in carers_of(actor, household_id)
    ]
