"""Reading matters. Nothing else decides which may be seen; row-level security says the same once more."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db.models import Case, CharField, DurationField, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.calendar import WorkCalendar
from minqing.core.ids import digest, parse_human_number
from minqing.matters import rules, tickets
from minqing.matters.enums import OPEN, Light
from minqing.matters.models import Category, Confirmation, Evidence, Matter, Reporter, Step
from minqing.matters.words import Matches, tsquery_text
from minqing.org.queries import system_actor, work_calendar
from minqing.privacy.access import acting_as

NOBODY = uuid5(NAMESPACE_OID, "minqing.matters.nobody")
ANONYMOUS = Actor(id=None, kind="resident", name="")


def visible_matters(actor: Actor) -> QuerySet[Matter]:
    """What ``actor`` may see: matters of its areas, and those given to its units. A resident has a ticket instead."""
    return Matter.objects.filter(Q(area_id__in=actor.areas) | Q(lead_unit_id__in=actor.units))


def matter_for(actor: Actor, matter_id: UUID) -> Matter | None:
    return visible_matters(actor).select_related("area", "category", "lead_unit").filter(pk=matter_id).first()


def open_for(actor: Actor) -> QuerySet[Matter]:
    """Visible matters that still have something to do, the most pressing first."""
    return visible_matters(actor).filter(state__in=OPEN).order_by(F("due_at").asc(nulls_last=True), "id")


def search(matters: QuerySet[Matter], typed: str) -> QuerySet[Matter]:
    """Those of ``matters`` that ``typed`` finds: by number (spaces, case, hyphens do not matter), else by words."""
    typed = typed.strip()
    if not typed:
        return matters
    try:
        return matters.filter(number=parse_human_number(typed))
    except ValueError:
        pass
    query = tsquery_text(typed)
    if not query:
        return matters.none()
    found = Q(Matches(F("search"), Value(query)))
    if typed.isascii() and typed.isdigit():
        found |= Q(outside_number=typed) | Q(number__contains=f"-{typed.zfill(6)}-")
    return matters.filter(found)


def soon(now: datetime, *, calendar: WorkCalendar | None = None) -> datetime:
    """The close of the next working day: what is due before has less than one working day left."""
    return (calendar or work_calendar()).add_working_days(now, 1).at


def with_lights(matters: QuerySet[Matter], now: datetime | None = None) -> QuerySet[Matter]:
    """Annotate ``light``: the rule of :func:`minqing.matters.rules.light`, computed by the database."""
    now = now or clock.now()
    limit = soon(now)
    span = DurationField()
    term = ExpressionWrapper(F("due_at") - Coalesce("assigned_at", "received_at"), output_field=span)
    return matters.alias(
        time_left=ExpressionWrapper(F("due_at") - Value(now), output_field=span),
        last_part=ExpressionWrapper(term / Value(rules.LAST_PART), output_field=span),
    ).annotate(
        light=Case(
            When(Q(due_at=None) | ~Q(state__in=OPEN), then=Value(Light.GREY.value)),
            When(due_at__lt=now, then=Value(Light.RED.value)),
            When(Q(due_at__lt=limit) | Q(time_left__lt=F("last_part")), then=Value(Light.YELLOW.value)),
            default=Value(Light.GREEN.value),
            output_field=CharField(),
        )
    )


def light_of(matter: Matter, now: datetime | None = None, *, limit: datetime | None = None) -> Light:
    """The colour of one matter's deadline; ``limit`` is :func:`soon` where several are looked at."""
    now = now or clock.now()
    return rules.light(
        state=matter.state,
        due_at=matter.due_at,
        started_at=matter.assigned_at or matter.received_at,
        now=now,
        soon=limit or soon(now),
    )


def reporter_of(matter: Matter) -> Reporter | None:
    """Who raised it; call it only where the look is journalled."""
    return Reporter.objects.filter(matter=matter).first()


def steps_of(matter: Matter, *, public_only: bool = False) -> list[Step]:
    """The steps with their unit and pictures, newest first; ``public_only`` for the reporter's page."""
    steps = Step.objects.filter(matter=matter).select_related("unit").prefetch_related("evidence")
    if public_only:
        steps = steps.filter(public=True)
    return list(steps.order_by("-at", "-id"))


def pictures_of(matter: Matter) -> list[Evidence]:
    """All pictures of the matter: those sent with the report (no step) and those of its steps."""
    return list(Evidence.objects.filter(matter=matter).order_by("id"))


def confirmations_of(matter: Matter) -> list[Confirmation]:
    return list(Confirmation.objects.filter(matter=matter).order_by("-at"))


def of_household(actor: Actor, household_id: UUID) -> QuerySet[Matter]:
    """Visible matters that belong to a household, the newest first."""
    return visible_matters(actor).filter(household_id=household_id).order_by("-received_at", "-id")


def categories() -> list[Category]:
    """All categories in use, each first-level one followed by its children."""
    rows = list(Category.objects.filter(retired=False).order_by("code"))
    tops = [row for row in rows if row.parent_id is None]
    return [one for top in tops for one in (top, *(row for row in rows if row.parent_id == top.code))]


def by_ticket(token: str) -> Matter | None:
    """The matter of a private link. To read its steps as well, act as its reporter with the token's digest."""
    key = digest(token)
    with acting_as(ANONYMOUS, ticket=key):
        return Matter.objects.select_related("area", "category", "lead_unit").filter(ticket=key).first()


def by_number_and_code(number: str, code: str) -> Matter | None:
    """The matter of a number and its follow code, as typed; the caller throttles.

    Without a number that exists, the code is compared all the same: both wrongs take the same way.
    """
    try:
        number = parse_human_number(number)
    except ValueError:
        number = ""
    with acting_as(system_actor("matters.follow")):
        matter = Matter.objects.select_related("area", "category", "lead_unit").filter(number=number).first()
    fits = tickets.is_follow_code(matter.pk if matter else NOBODY, code)
    return matter if fits and matter else None
