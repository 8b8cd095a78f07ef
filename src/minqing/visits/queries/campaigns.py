"""Rounds of visits: which ones an actor has to do with, and how far they are. Counts are of places, never of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.hazards.queries.checklists import names_of_checklists
from minqing.households.queries import visible_households, with_any_tag
from minqing.households.queries.files import open_households
from minqing.org.queries import area_path, areas_below, areas_called, areas_inside
from minqing.privacy.access import one_of
from minqing.visits.enums import Met
from minqing.visits.models import Campaign, HouseholdAssignment, Visit
from minqing.visits.queries.days import households_met
from minqing.visits.rules import reads_diaries

# places of one page: more of them are asked for one after the other
MOST_PLACES = 60
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """Of ``households`` somebody was ``met`` in so many since the round began; ``left`` are still to be visited."""

    households: int
    met: int

    @property
    def left(self) -> int:
        return max(0, self.households - self.met)


def visible_campaigns(actor: Actor) -> QuerySet[Campaign]:
    """Rounds in the actor's areas, and those of an area above, which are theirs to carry out; the newest first."""
    above = {int(part) for one in actor.areas for part in area_path(one).split(".") if part}
    found = Campaign.objects.filter(one_of("area_id", above | actor.areas))
    return found.select_related("area", "made_by").order_by("-since", "-pk")


def visible_campaign(actor: Actor, campaign_id: UUID) -> Campaign:
    found = visible_campaigns(actor).filter(pk=campaign_id).first()
    if found is None:
        raise NotFound("no_campaign")
    return found


def running(today: date) -> Q:
    return Q(closed_at=None, since__lte=today, until__gte=today)


def rounds_now(actor: Actor, today: date) -> list[tuple[Campaign, Progress]]:
    """Those that are on and in which something is still to be done, what ends first in front."""
    found = visible_campaigns(actor).filter(running(today)).order_by("until", "pk")
    told = ((one, progress_of(actor, one)) for one in found)
    return list(islice(((one, progress) for one, progress in told if progress.left), SHOWN))


def areas_of(actor: Actor, campaign: Campaign) -> frozenset[int]:
    """The part of the round's area that is the actor's."""
    return areas_below([area_path(campaign.area_id) or "-"]) & actor.areas


def last_day(campaign: Campaign) -> date:
    """The last day that counts: that on which it was ended, where it was ended before its time."""
    return min(campaign.until, clock.local_date(campaign.closed_at)) if campaign.closed_at else campaign.until


def visits_in(campaign: Campaign) -> QuerySet[Visit]:
    """Visits of its days at which somebody was met, to the household that is asked about."""
    until = clock.midnight(last_day(campaign) + timedelta(days=1))
    found = Visit.objects.filter(household=OuterRef("pk"), visited_at__gte=clock.midnight(campaign.since))
    return found.filter(visited_at__lt=until).exclude(met=Met.NOBODY)


def households_of(actor: Actor, campaign: Campaign) -> QuerySet[Any]:
    """The households of the actor's that it is about."""
    found = visible_households(actor).filter(one_of("area_id", areas_of(actor, campaign)), closed_at=None)
    return with_any_tag(found, campaign.tags, on=clock.today())


def left_of(actor: Actor, campaign: Campaign, *, mine: bool = False) -> QuerySet[Any]:
    """Those that are still to be visited; ``mine``: in the actor's care."""
    found = households_of(actor, campaign).filter(~Exists(visits_in(campaign)))
    if mine:
        care = HouseholdAssignment.objects.filter(household=OuterRef("pk"), account=actor.id, until=None)
        found = found.filter(Exists(care))
    return found.select_related("area").order_by("area__path", "number", "pk")


def progress_of(actor: Actor, campaign: Campaign) -> Progress:
    """How far the round is in the actor's areas. Of all households it is counted as coverage is, by what is kept."""
    if not campaign.tags:
        inside = areas_of(actor, campaign)
        within = campaign.area_id if campaign.area_id in actor.areas else None
        met = households_met(actor, campaign.since, last_day(campaign), area_id=within)
        return Progress(open_households(inside), met)
    if not reads_diaries(actor):
        return Progress(0, 0)
    counted = households_of(actor, campaign).aggregate(
        households=Count("pk"), met=Count("pk", filter=Q(Exists(visits_in(campaign))))
    )
    return Progress(counted["households"], counted["met"])


def rounds_for(actor: Actor, household_id: UUID, area_id: int, today: date) -> Sequence[Campaign]:
    """The rounds that are on in which that household is still to be visited."""
    found = visible_campaigns(actor).filter(running(today))
    above = {int(part) for part in area_path(area_id).split(".") if part}
    there = found.filter(area_id__in=above).order_by("until", "pk")
    return list(islice((one for one in there if left_of(actor, one).filter(pk=household_id).exists()), SHOWN))


@dataclass(frozen=True, slots=True)
class VillageVisited:
    """A place right below the round's, and how far the round is there."""

    name: str
    progress: Progress


def places_of(actor: Actor, campaign: Campaign) -> list[VillageVisited]:
    """How far it is in each place below, in the county's own order: of places, and of nobody."""
    path = area_path(campaign.area_id)
    below = areas_called([one for one in areas_of(actor, campaign) if one != campaign.area_id])
    direct = [one for one in below if one.path.removeprefix(path).count(".") == 1]
    if len(direct) > MOST_PLACES or campaign.tags:
        return []
    return [
        VillageVisited(
            one.name,
            Progress(
                open_households(areas_inside(actor, one.pk)),
                households_met(actor, campaign.since, last_day(campaign), area_id=one.pk),
            ),
        )
        for one in direct
    ]


def looked_out_for(row: Campaign) -> list[str]:
    """The names of the checklists by which it is looked around in a round; no query where there are none."""
    names = names_of_checklists() if row.hazards else {}
    return [name for code, name in names.items() if code in row.hazards]
