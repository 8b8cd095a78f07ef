"""What may be seen of visits and assignments, and the counts made from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.households.queries import Member, MemberName
from minqing.org.queries import areas_inside, system_actor
from minqing.privacy.access import acting_as, one_of, transaction_as
from minqing.visits.enums import Met
from minqing.visits.models import DiaryEntry, HouseholdAssignment, Visit, VisitHazard, VisitPhoto
from minqing.visits.rules import NEARLY_DUE, reads_diaries

SOMEBODY = "somebody"
# of a county's visits one in three hundred: fifty are found among some fifteen thousand
MANY = 2_000


def visible_visits(actor: Actor) -> QuerySet[Visit]:
    """Visits in the actor's areas, with who went where."""
    return Visit.objects.filter(one_of("area_id", actor.areas)).select_related("household", "account", "area")


def visible_assignments(actor: Actor) -> QuerySet[HouseholdAssignment]:
    """Households in somebody's care now, in the actor's areas."""
    return HouseholdAssignment.objects.filter(one_of("area_id", actor.areas), until__isnull=True).select_related(
        "household", "account", "area"
    )


def visible_entries(actor: Actor) -> QuerySet[DiaryEntry]:
    """What was said: for those who work with households only."""
    if not reads_diaries(actor):
        return DiaryEntry.objects.none()
    return DiaryEntry.objects.filter(one_of("area_id", actor.areas))


def visible_photos(actor: Actor) -> QuerySet[VisitPhoto]:
    """Pictures show the inside of homes: the same rule as for what was said."""
    if not reads_diaries(actor):
        return VisitPhoto.objects.none()
    return VisitPhoto.objects.filter(one_of("area_id", actor.areas))


def due_assignments(actor: Actor, account_id: UUID, today: date) -> QuerySet[HouseholdAssignment]:
    """Households of one cadre that are due within a week or overdue, the longest overdue first."""
    mine = visible_assignments(actor).filter(account_id=account_id)
    return mine.filter(due_on__lte=today + NEARLY_DUE).order_by("due_on", "id")


def in_care(actor: Actor, account_id: UUID) -> QuerySet[HouseholdAssignment]:
    """All households of one cadre, the next due first."""
    return visible_assignments(actor).filter(account_id=account_id).order_by("due_on", "id")


def carers_of(actor: Actor, household_id: UUID) -> QuerySet[HouseholdAssignment]:
    return visible_assignments(actor).filter(household_id=household_id).order_by("since", "id")


def carers_in(actor: Actor, area_id: int | None, *, sent: UUID | None = None) -> list[tuple[UUID, dict[str, object]]]:
    """Who has households in their care there, by name, each with how many: for handing them over.

    Whoever was ``sent`` is among them with none left, too: their form comes a second time where the answer was lost.
    """
    now = Q(until=None)
    here = HouseholdAssignment.objects.filter(one_of("area_id", areas_inside(actor, area_id)), now | Q(account_id=sent))
    rows = here.order_by("account__name", "account_id").values_list("account_id", "account__name")
    return [(id, {"name": name, "n": number}) for id, name, number in rows.annotate(n=Count("pk", filter=now))]


def cadres_at(household_id: UUID, area_id: int) -> list[str]:
    """Names of the cadres who look after a household, as whoever stands at its door may know them."""
    with acting_as(Actor.system("doorstep.cadres", areas=[area_id])) as actor:
        return [one.account.name for one in carers_of(actor, household_id)]


def last_visits(actor: Actor, household_id: UUID) -> QuerySet[Visit]:
    """Visits to a household with what was said, newest first; cut it to what is shown."""
    visits = visible_visits(actor).filter(household_id=household_id)
    return visits.select_related("entry").order_by("-visited_at", "-id")


def visits_before(actor: Actor, visit: Visit, most: int) -> QuerySet[Visit]:
    """The last ones to the same household before that one, the newest first."""
    return last_visits(actor, visit.household_id).filter(visited_at__lt=visit.visited_at)[:most]


def written_today(actor: Actor, household_id: UUID) -> Visit | None:
    """The actor's own newest diary of this household, if it was written today."""
    if actor.id is None:
        return None
    mine = Visit.objects.filter(one_of("area_id", actor.areas), household_id=household_id, account_id=actor.id)
    return mine.filter(recorded_at__gte=clock.midnight(clock.today())).order_by("-recorded_at", "-id").first()


def with_diary(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """With the entry and the hazards, in two more queries however many visits there are."""
    return with_hazards(visits.select_related("entry"))


def with_hazards(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """With what was found in them, in one more query; one that lies elsewhere by now is not among it."""
    found = VisitHazard.objects.select_related("hazard__version").order_by("id")
    return visits.prefetch_related(Prefetch("hazards", found))


def filtered(
    actor: Actor,
    *,
    area_id: int | None = None,
    account_id: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
    met: str = "",
    hazard: bool = False,
    once: bool = False,
) -> QuerySet[Visit]:
    """The list of visits, narrowed; ``since`` and ``until`` are local days, both included.

    ``met`` may be :data:`SOMEBODY`; with ``once`` only the last of these visits to each household is left.
    """
    # in place of the actor's areas, and not beside them: an index is read by one list
    within = one_of("area_id", areas_inside(actor, area_id))
    visits = Visit.objects.filter(within).select_related("household", "account", "area")
    if account_id:
        visits = visits.filter(account_id=account_id)
    if since:
        visits = visits.filter(visited_at__gte=clock.midnight(since))
    if until:
        visits = visits.filter(visited_at__lt=clock.midnight(until + timedelta(days=1)))
    if met:
        visits = visits.exclude(met=Met.NOBODY) if met == SOMEBODY else visits.filter(met=met)
    if hazard:
        visits = with_hazard(visits, within)
    if once:
        # asked row by row, so that a page of a whole county reads no more than a page
        later = Q(visited_at__gt=OuterRef("visited_at")) | Q(visited_at=OuterRef("visited_at"), pk__gt=OuterRef("pk"))
        visits = visits.filter(~Exists(visits.filter(later, household=OuterRef("household"))))
    return visits.order_by("-visited_at", "-id")


def with_hazard(visits: QuerySet[Visit], within: Q) -> QuerySet[Visit]:
    """Those in which a hazard was found ``within`` areas: one statement first, whether there are many.

    Many are looked up visit by visit, the newest first: joined, all of them would be read for one page.
    """
    seen = VisitHazard.objects.filter(within)
    there = seen.filter(visit=OuterRef("pk"))
    if seen.order_by()[:MANY].count() < MANY:
        return visits.filter(Exists(there))
    return visits.alias(first_hazard=Subquery(there.values("pk")[:1])).filter(first_hazard__isnull=False)


@dataclass(frozen=True)
class Shown:
    """A list of visits to be cut into pages: with who went where, hazards and, where it may be read, the diary.

    Cut first and joined then: joined to a list that is still to be cut, the database joins every visit there is.
    """

    actor: Actor
    visits: QuerySet[Visit]

    def __getitem__(self, cut: slice) -> list[Visit]:
        found = visible_visits(self.actor).filter(pk__in=self.visits.values("pk")[cut])
        rows = with_diary(found) if reads_diaries(self.actor) else with_hazards(found)
        return list(rows.order_by("-visited_at", "-id"))


def matters_raised(actor: Actor, account_id: UUID) -> QuerySet[DiaryEntry, UUID]:
    """Ids of the matters that came from one person's diaries, as a subquery."""
    mine = DiaryEntry.objects.filter(one_of("area_id", actor.areas), visit__account_id=account_id, matter__isnull=False)
    return mine.values_list("matter_id", flat=True)


def member_label(one: Member | MemberName) -> str:
    """A member of a household as a form names them: name, relation, age."""
    parts = [one.name, str(one.relation.label)]
    if one.age is not None:
        parts.append(_("%(years)d years") % {"years": one.age})
    return " · ".join(parts)


def any_yet() -> int:
    """1 once somebody was visited, anywhere in the county."""
    with transaction_as(system_actor("visits.any")):
        return int(Visit.objects.exists())
