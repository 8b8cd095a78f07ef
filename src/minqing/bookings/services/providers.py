"""Adding and closing providers; what they do, when they are there, and who acts for them.

Locks: the id of the form, the provider by name, its row, then bookings in the order of their times.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.bookings import rules
from minqing.bookings.enums import HoursKind, Move, WaitMove
from minqing.bookings.models import Booking, Hand, Hours, Provider, ServedArea, Service, Wait
from minqing.bookings.queries import COMING
from minqing.bookings.queries.providers import hands_of, hours_sent, provider_sent, service_sent
from minqing.bookings.services.booking import BOOKINGS, lock_of
from minqing.bookings.services.moves import ended, said
from minqing.bookings.services.waiting import WAITS, offer_freed
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Conflict, Invalid, Refused
from minqing.core.formats import check_length
from minqing.core.retry import one_at_a_time
from minqing.journal.idempotency import sent_once
from minqing.journal.services import record
from minqing.org.queries import system_actor
from minqing.points.enums import AccountKind
from minqing.points.services import open_account
from minqing.privacy.access import acting_as


@sent_once(made=lambda given: provider_sent(given["id"]))
def open_provider(
    *,
    id: UUID,
    area_id: int,
    name: str,
    serves: Collection[int],
    hands: Collection[UUID],
    by: Actor,
    at: datetime | None = None,
) -> Provider:
    """Somebody provides services for points from now on, in these areas. Event: ``bookings.provider.opened``."""
    rules.may_keep(by, area_id).require()
    at, wanted = at or clock.now(), set(serves) or {area_id}
    if not wanted <= by.areas:
        raise Invalid("other_area", _("This place is not in your area."))
    account = open_account(kind=AccountKind.PROVIDER, area=area_id, name=name, by=by)
    row = Provider.objects.create(form=id, area_id=area_id, account=account, name=name, opened_at=at, changed_at=at)
    ServedArea.objects.bulk_create([ServedArea(provider=row, area_id=one) for one in sorted(wanted)])
    Hand.objects.bulk_create([Hand(provider=row, account_id=one) for one in sorted(set(hands))])
    record_of_provider("bookings.provider.opened", row, by, at)
    return row


def record_of_provider(type: str, row: Provider, by: Actor, at: datetime, **more: str) -> None:
    record(type=type, subject=f"provider:{row.pk}", by=by, at=at, data={"area": row.area_id, **more})


def lock_provider(provider: Provider, *, closed: bool = False) -> Provider:
    """Its row, locked, once nobody else gives out its times; also of one that is closed where that is said."""
    one_at_a_time(lock_of(provider.pk))
    row = Provider.objects.select_for_update().get(pk=provider.pk)
    if not closed and row.closed_at is not None:
        raise Conflict("provider_closed", _("This provider is closed."))
    return row


@transaction.atomic
def change_hands(*, provider: Provider, hands: Collection[UUID], by: Actor, at: datetime | None = None) -> Provider:
    """Who acts for the provider from now on, also once it is closed: then somebody still sees what was booked last.

    Event: ``bookings.provider.changed``, if it is others.
    """
    row = lock_provider(provider, closed=True)
    rules.may_keep(by, row.area_id).require()
    wanted, now = set(hands), hands_of(row.pk)
    if wanted == now:
        return row
    Hand.objects.filter(provider=row).exclude(account__in=wanted).delete()
    Hand.objects.bulk_create([Hand(provider=row, account_id=one) for one in sorted(wanted - now)])
    return changed(row, "hands", by, at)


def changed(row: Provider, what: str, by: Actor, at: datetime | None) -> Provider:
    row.changed_at = at or clock.now()
    row.save(update_fields=["changed_at"])
    record_of_provider("bookings.provider.changed", row, by, row.changed_at, what=what)
    return row


@sent_once(made=lambda given: service_sent(given["id"]))
def add_service(
    *,
    id: UUID,
    provider: Provider,
    name: str,
    price: int,
    minutes: int,
    place: str = "",
    by: Actor,
    at: datetime | None = None,
) -> Service:
    """Something more that the provider does. Event: ``bookings.provider.changed``."""
    row = lock_provider(provider)
    rules.may_keep(by, row.area_id).require()
    if not 0 < price <= rules.DEAREST or not rules.SHORTEST <= minutes <= rules.LONGEST:
        raise Invalid("service", _("This number cannot be."))
    name, place = check_length(clean(name), 40), check_length(clean(place), 80)
    if not name:
        raise Invalid("service_name", _("Write down what they do."))
    at = at or clock.now()
    made = Service.objects.create(
        id=id, provider=row, name=name, price=price, minutes=minutes, place=place, added_at=at
    )
    changed(row, "service_added", by, at)
    return made


@transaction.atomic
def end_service(*, what: Service, by: Actor, at: datetime | None = None) -> Service:
    """It is booked no more; what is booked already stays. Event: ``bookings.provider.changed``."""
    row, at = lock_provider(what.provider), at or clock.now()
    rules.may_keep(by, row.area_id).require()
    if Service.objects.filter(pk=what.pk, ended_at=None).update(ended_at=at):
        changed(row, "service_ended", by, at)
        close_waits(Wait.objects.filter(service=what), at)
    what.ended_at = at
    return what


def close_waits(rows: QuerySet[Wait], at: datetime) -> None:
    """Nobody waits for it any more."""
    with acting_as(system_actor("bookings.close")):
        WAITS.move_all(rows, WaitMove.END, changed_at=at)


@sent_once(made=lambda given: hours_sent(given["id"]))
def add_hours(
    *,
    id: UUID,
    provider: Provider,
    kind: HoursKind,
    weekday: int | None = None,
    day: date | None = None,
    begins: time | None = None,
    ends: time | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Hours:
    """The provider is there then, or on a day not at all; what is booked already stays. Who waits is offered what that
    makes free. Event: ``bookings.provider.changed``.
    """
    row, at = lock_provider(provider), at or clock.now()
    rules.may_plan(by, row.area_id, hands_of(row.pk)).require()
    if kind is HoursKind.WEEKLY:
        day = None
    else:
        weekday = None
    if kind is HoursKind.AWAY:
        begins = ends = None
    elif begins is None or ends is None or begins >= ends:
        raise Invalid("hours", _("The end lies before the beginning."))
    if (weekday is None and day is None) or (day is not None and day < clock.local_date(at)):
        raise Invalid("hours_day", _("Choose a weekday, or a day to come."))
    made = Hours.objects.create(
        id=id, provider=row, kind=kind.value, weekday=weekday, day=day, begins=begins, ends=ends, added_at=at
    )
    changed(row, "hours_added", by, at)
    offer_freed(row.pk, at=at)
    return made


@transaction.atomic
def end_hours(*, hours: Hours, by: Actor, at: datetime | None = None) -> Hours:
    """From now on not any more; what is booked already stays. Event: ``bookings.provider.changed``."""
    row, at = lock_provider(hours.provider), at or clock.now()
    rules.may_plan(by, row.area_id, hands_of(row.pk)).require()
    if Hours.objects.filter(pk=hours.pk, ended_at=None).update(ended_at=at):
        changed(row, "hours_ended", by, at)
        offer_freed(row.pk, at=at)
    hours.ended_at = at
    return hours


@transaction.atomic
def close_provider(*, provider: Provider, words: str, by: Actor, at: datetime | None = None) -> int:
    """Nothing is booked there any more. What is still to come is called off and all its points come back; what was
    done is confirmed and paid as ever. Returns how many were called off.

    Events: ``bookings.provider.closed``, ``bookings.booking.called_off`` for each.
    """
    row, at = lock_provider(provider), at or clock.now()
    rules.may_keep(by, row.area_id).require()
    why = said(Move.CALL_OFF, words)
    with acting_as(system_actor("bookings.close")):
        rows = Booking.objects.filter(provider=row, state__in=COMING).order_by("begins_at", "pk")
        ids = list(rows.values_list("pk", flat=True))
        for pk in ids:
            ended(BOOKINGS.lock(pk), Move.CALL_OFF, by=by, at=at, **why)
    close_waits(Wait.objects.filter(provider=row), at)
    row.closed_at = row.changed_at = at
    row.save(update_fields=["closed_at", "changed_at"])
    record_of_provider("bookings.provider.closed", row, by, at)
    return len(ids)


@transaction.atomic
def serve_instead(*, keys: Collection[int], area_id: int, kept: bool, by: Actor) -> int:
    """Providers serve another area instead, of which theirs has become part; one that serves both keeps both.

    ``kept`` says nothing here. Event: ``bookings.provider.area_followed`` for each.
    """
    if by.kind != "system":
        raise Refused
    both = ServedArea.objects.filter(area=area_id).values("provider_id")
    rows = ServedArea.objects.filter(pk__in=keys).exclude(provider__in=both)
    providers = list(rows.order_by("provider_id").values_list("provider_id", flat=True))
    rows.update(area_id=area_id)
    for one in providers:
        record(type="bookings.provider.area_followed", subject=f"provider:{one}", by=by, data={"area": area_id})
    return len(providers)
