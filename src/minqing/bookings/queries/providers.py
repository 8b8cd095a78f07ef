"""Providers, what they do, when they are there, and what they have earned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import TruncMonth

from minqing.bookings.enums import HoursKind
from minqing.bookings.models import Hand, Hours, Provider, Service, Term
from minqing.bookings.rules import HANDS
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.org.enums import FIELD, OVERSIGHT
from minqing.org.queries import area_path
from minqing.points.enums import Code
from minqing.points.queries import entries
from minqing.privacy.access import one_of

# no more months are told of than somebody settles
MONTHS = 24


def visible_providers(actor: Actor) -> QuerySet[Provider]:
    """Those of the actor's areas and such as serve them, and those for which the actor acts."""
    mine = Q(pk__in=Hand.objects.filter(account=actor.id).values("provider")) if actor.has(*HANDS) else Q(pk__in=[])
    here = Q(pk__in=[])
    if actor.has(*(FIELD | OVERSIGHT)):
        here = one_of("area_id", actor.areas) | Q(pk__in=served(actor))
    open_first = F("closed_at").desc(nulls_first=True)
    return Provider.objects.filter(mine | here).select_related("area").order_by(open_first, "name", "pk")


def served(actor: Actor) -> QuerySet[Any]:
    return Provider.objects.filter(one_of("serves__area_id", actor.areas)).values("pk")


def provider_for(actor: Actor, provider_id: int) -> Provider:
    """Raises NotFound for one that the actor may not know of."""
    found = visible_providers(actor).filter(pk=provider_id).first()
    if found is None:
        raise NotFound("provider")
    return found


def with_hands(actor: Actor) -> list[Provider]:
    """All of them, with who acts for each."""
    return list(visible_providers(actor).prefetch_related("hands"))


def service_of(provider: Provider, service_id: UUID) -> Service:
    found = Service.objects.select_related("provider").filter(pk=service_id, provider=provider).first()
    if found is None:
        raise NotFound("service")
    return found


def hours_of_id(provider: Provider, hours_id: UUID) -> Hours:
    found = Hours.objects.select_related("provider").filter(pk=hours_id, provider=provider).first()
    if found is None:
        raise NotFound("hours")
    return found


def provider_sent(form: UUID) -> Provider | None:
    """What the form with this id has added."""
    return Provider.objects.filter(form=form).first()


def service_sent(id: UUID) -> Service | None:
    return Service.objects.filter(pk=id).first()


def hours_sent(id: UUID) -> Hours | None:
    return Hours.objects.filter(pk=id).first()


def hands_of(provider: int) -> frozenset[UUID]:
    return frozenset(Hand.objects.filter(provider=provider).values_list("account_id", flat=True))


def hand_names(provider: int) -> list[str]:
    return sorted(Hand.objects.filter(provider=provider).values_list("account__name", flat=True))


def served_names(provider: Provider) -> list[str]:
    return list(provider.serves.order_by("area__path").values_list("area__name", flat=True))


def services_of(provider: int) -> list[Service]:
    return list(Service.objects.filter(provider=provider, ended_at=None).order_by("name", "pk"))


def hours_of(provider: int) -> list[Hours]:
    """Those in force, of single days only what is still to come: weekly ones first."""
    rows = Hours.objects.filter(provider=provider, ended_at=None)
    rows = rows.filter(Q(kind=HoursKind.WEEKLY.value) | Q(day__gte=clock.today()))
    return list(rows.order_by(F("weekday").asc(nulls_last=True), "day", "begins", "pk"))


def offered_in(area_id: int) -> list[Service]:
    """What people of that area may book, by name."""
    above = [int(part) for part in area_path(area_id).split(".") if part]
    rows = Service.objects.filter(ended_at=None, provider__closed_at=None, provider__serves__area__in=above)
    return list(rows.select_related("provider").distinct().order_by("name", "price", "pk"))


def bookable_by(actor: Actor, area_id: int) -> list[Service]:
    """What the actor may book for people of that area: not of providers for which they act."""
    own = set(Hand.objects.filter(account=actor.id).values_list("provider", flat=True))
    return [one for one in offered_in(area_id) if one.provider_id not in own]


def service_in(area_id: int, service_id: UUID) -> Service:
    """Raises NotFound for what is not offered there, any more."""
    found = next((one for one in offered_in(area_id) if one.pk == service_id), None)
    if found is None:
        raise NotFound("service")
    return found


def terms() -> dict[str, Term]:
    return {one.code: one for one in Term.objects.all()}


def earned_by_month(provider: Provider) -> Sequence[tuple[date, int]]:
    """What came to the provider's account in each month less what was taken back, the last month first."""
    account = provider.account_id
    rows = entries(account).exclude(code=Code.SETTLE.value)
    signed = Case(When(credit=account, then=F("amount")), default=-F("amount"))
    months = rows.annotate(month=TruncMonth("posted_at", tzinfo=clock.SHANGHAI)).values("month").order_by("-month")
    return [(row["month"].date(), row["sum"]) for row in months.annotate(sum=Sum(signed))[:MONTHS]]
