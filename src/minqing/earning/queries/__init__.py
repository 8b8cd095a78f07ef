"""What people are thanked for, as it is now and as it was; and who sees which claim."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from minqing.audit.kinds import Numbered
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.core.ids import code_of, digest
from minqing.deadlines.due_words import running
from minqing.earning.enums import Category, Confirmer, Evidence, Happening, State
from minqing.earning.lifecycle import UNDECIDED
from minqing.earning.models import Claim, FunctionVersion
from minqing.earning.rules import CLERKS, SECONDS, SEES
from minqing.households.queries import members_of
from minqing.households.queries.files import Member
from minqing.listing.kinds import Queue
from minqing.listing.queries import Queues
from minqing.org.enums import FIELD
from minqing.org.queries import work_calendar
from minqing.privacy.access import acting_as, one_of
from minqing.privacy.tickets import Tickets
from minqing.web.pieces import Due
from minqing.worktime.hours import WorkTime

TICKETS: Final = Tickets("earning.ticket")
LIMITS = ("person_day", "person_season", "household_day", "household_season")
Groups = list[tuple[str, list[FunctionVersion]]]


def current_versions() -> QuerySet[FunctionVersion]:
    return FunctionVersion.objects.filter(current=True).select_related("function", "budget").order_by("function_id")


def current_version(code: str) -> FunctionVersion:
    """NotFound for a code that no function has."""
    found = current_versions().filter(function=code).first()
    if found is None:
        raise NotFound("function")
    return found


def claimable_versions() -> QuerySet[FunctionVersion]:
    """What somebody may say they did: not what is given by itself, nor what is checked in at an activity."""
    ends = Q(ends_on=None) | Q(ends_on__gte=clock.today())
    open_now = current_versions().filter(ends, withdrawn=False, function__event="")
    return open_now.exclude(evidence__contains=[Evidence.CODE.value])


def thanking(happening: Happening) -> FunctionVersion | None:
    """What is given by itself when that happened, if anything is now."""
    ends = Q(ends_on=None) | Q(ends_on__gte=clock.today())
    return current_versions().filter(ends, withdrawn=False, function__event=happening.value).first()


def versions_of(code: str) -> list[FunctionVersion]:
    """The newest first, with who wrote each."""
    return list(FunctionVersion.objects.filter(function=code).select_related("by").order_by("-number"))


def by_category(rows: QuerySet[FunctionVersion]) -> Groups:
    """Categories in their order, each with its functions; none that is empty."""
    found: dict[str, list[FunctionVersion]] = {one.value: [] for one in Category}
    for row in rows:
        found[row.function.category].append(row)
    return [(str(Category(key).label), kept) for key, kept in found.items() if kept]


def givable_together() -> QuerySet[FunctionVersion]:
    """What an activity may thank for: all but what is given by itself."""
    ends = Q(ends_on=None) | Q(ends_on__gte=clock.today())
    return current_versions().filter(ends, withdrawn=False, function__event="")


@dataclass(frozen=True, slots=True)
class Thanked:
    """What became of what somebody was thanked for."""

    points: int
    reasons: str

    @property
    def corrected(self) -> bool:
        """It was a mistake, for these reasons."""
        return bool(self.reasons)


def thanked_for(actor: Actor, causes: Iterable[str]) -> dict[str, Thanked]:
    """By what happened in another room, of that which the actor sees."""
    rows = Claim.objects.filter(cause__in=list(causes)).select_related("version")
    seen = rows if actor.kind == "system" else rows.filter(one_of("area_id", actor.areas))
    return {str(one.cause): Thanked(one.version.points, one.reasons) for one in seen}


def limits_in_words(row: FunctionVersion) -> list[str]:
    """How often somebody is thanked for it at most."""
    return list(worded(row))


def worded(row: FunctionVersion) -> Iterator[str]:
    if row.person_day:
        yield _("one person %(times)d × a day") % {"times": row.person_day}
    if row.person_season:
        yield _("one person %(times)d × a quarter") % {"times": row.person_season}
    if row.household_day:
        yield _("a household %(times)d × a day") % {"times": row.household_day}
    if row.household_season:
        yield _("a household %(times)d × a quarter") % {"times": row.household_season}


def visible_claims(actor: Actor) -> QuerySet[Claim]:
    """The same as :func:`rules.may_see`, the newest first."""
    here = one_of("area_id", actor.areas) if actor.has(*SEES) else Q(pk__in=[])
    theirs = here if actor.has(*FIELD) else here & Q(appealed_at__isnull=False)
    seen = Q() if actor.kind == "system" else theirs
    rows = Claim.objects.filter(seen).select_related("version__function", "area")
    return rows.order_by("-received_at", "-pk")


def claim_for(actor: Actor, claim_id: UUID) -> Claim:
    """NotFound for one that the actor may not know of."""
    people = ("taken_by", "vouched_by", "decided_by", "refused_by", "appealed_by", "household", "resident")
    row = (
        visible_claims(actor)
        .select_related(*people, "version__function", "version__budget", "area")
        .filter(pk=claim_id)
        .first()
    )
    if row is None:
        raise NotFound("claim")
    return row


def their_turn(actor: Actor, _now: datetime) -> Q:
    """The same as :func:`rules.waits_for`, of those that the actor sees."""
    confirmers = [Confirmer.VILLAGE.value, *([Confirmer.TOWNSHIP.value] if actor.has(*CLERKS) else [])]
    first = Q(state=State.SENT.value, version__confirmer__in=confirmers)
    again = [State.VOUCHED.value, State.APPEALED.value]
    second = Q(state__in=again) if actor.has(*SECONDS) else Q(pk__in=[])
    mine = Q(taken_by=actor.id) | Q(vouched_by=actor.id) | Q(refused_by=actor.id) | Q(appealed_by=actor.id)
    return (first | second) & ~Q(pk__in=Claim.objects.filter(mine, state__in=sorted(UNDECIDED)).values("pk"))


def still_open(_actor: Actor, _now: datetime) -> Q:
    return Q(state__in=sorted(UNDECIDED))


def drawn_by_lot(actor: Actor, _now: datetime) -> Q:
    """The same as :func:`rules.may_pass`, of those that the actor sees."""
    drawn = Q(state=State.AWARDED.value, drawn_at__isnull=False, passed_by=None)
    return drawn if actor.has(*SECONDS) else Q(pk__in=[])


OLDEST_FIRST: Final = ("received_at", "pk")
# objections by their day, then what has none
BY_DUE: Final = (Case(When(state=State.APPEALED.value, then=F("due_at"))).asc(nulls_last=True), *OLDEST_FIRST)
QUEUES: Final = Queues(
    visible_claims,
    (
        Queue(
            "turn",
            gettext_lazy("Waits for you"),
            "person-check",
            FIELD,
            their_turn,
            BY_DUE,
            pgettext_lazy("act", "Examine"),
            named=gettext_lazy("Claims that wait for you"),
        ),
        Queue(
            "drawn",
            gettext_lazy("Given by itself, to be looked at"),
            "eye",
            SECONDS,
            drawn_by_lot,
            OLDEST_FIRST,
            pgettext_lazy("act", "Look once more"),
            named=gettext_lazy("Claims drawn to be looked at"),
        ),
        Queue("open", gettext_lazy("Not decided yet"), "hourglass-split", FIELD, still_open, BY_DUE),
    ),
)


def claims_of(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Claim]:
    """Those of the ids that the actor sees."""
    return visible_claims(actor).in_bulk(list(ids))


def members_here(actor: Actor, row: Claim) -> Sequence[Member]:
    """Whose account it may be: the people of the household."""
    return members_of(actor, row.household_id) if row.household_id else ()


def pictures_of(row: Claim) -> list[UUID]:
    return list(row.photos.order_by("pk").values_list("attachment_id", flat=True))


def key_of(ticket: str) -> str:
    return digest(code_of(ticket))


def followed(ticket: str) -> Claim | None:
    """The claim behind a private link, and nothing else."""
    key = key_of(ticket)
    with acting_as(Actor(id=None, kind="resident", name=""), ticket=key):
        return Claim.objects.select_related("version__function", "version__budget", "area").filter(ticket=key).first()


def names_of_functions(claims: Collection[UUID]) -> list[tuple[UUID, str]]:
    """What each of those claims was for, as it was called then."""
    return list(Claim.objects.filter(pk__in=claims).values_list("pk", "version__name")) if claims else []


def of_household(actor: Actor, household_id: UUID) -> list[Claim]:
    """The newest of a household."""
    return list(visible_claims(actor).filter(household=household_id)[:5])


# what notices and the record call claims
NUMBERED: Final = Numbered(code="claim", visible=visible_claims, title=lambda row: row.version.name)


def appealed() -> QuerySet[Claim]:
    """Objections that nobody has decided on yet; the caller sees every area."""
    return Claim.objects.filter(state=State.APPEALED.value)


def dues(now: datetime) -> Callable[[Claim], Due | None]:
    """What says until when an objection is to be decided; of other claims there is no deadline."""
    work = WorkTime(work_calendar())

    def told(row: Claim) -> Due | None:
        if row.state != State.APPEALED or row.appealed_at is None:
            return None
        return running(row.due_at, started_at=row.appealed_at, now=now, work=work, provisional=row.due_provisional)

    return told
