"""Reading the journal: by number, by place in the order of commits, as CloudEvents."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import connection
from django.db.models import Max, Min, Q, QuerySet

from minqing.journal.canonical import canonical_time
from minqing.journal.models import SPEC_VERSION, Event, Parked, Seal

# rows that travel at once from the server to a command that reads the whole journal
CHUNK = 2000


def horizon() -> int:
    """The oldest transaction that still runs: of all before it, everything that will ever be seen is seen now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (number,) = cursor.fetchone()
    return int(number)


def unsealed(begin: int) -> int:
    """How many events since that transaction have waited for their seal for more than an hour."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM journal_event e WHERE recorded_at < now() - interval '1 hour' AND tx >= %s "
            "AND NOT EXISTS (SELECT FROM journal_sealedevent s WHERE s.event = e.id)",
            [begin],
        )
        return int(cursor.fetchone()[0])


def first_event() -> Event | None:
    """The one with which this county's record begins: no other county's begins with it."""
    return Event.objects.order_by("seq").first()


def last_event() -> Event | None:
    return Event.objects.order_by("-seq").first()


def of_types(types: Collection[str]) -> Q:
    """Events of these types; ``matters.*`` takes in all that begin with ``matters.``, nothing given takes all."""
    wanted = Q()
    for name in types:
        wanted |= Q(type__startswith=name[:-1]) if name.endswith(".*") else Q(type=name)
    return wanted


def later_than(place: tuple[int, int]) -> Q:
    """Events after (transaction, number) in the order of commits, in a form that an index answers."""
    tx, seq = place
    return Q(tx__gte=tx) & ~Q(tx=tx, seq__lte=seq)


def events_between(
    *, since: datetime | None = None, until: datetime | None = None, types: Collection[str] = ()
) -> QuerySet[Event]:
    """Events recorded from ``since`` on and before ``until``, in the order of their numbers."""
    found = Event.objects.filter(of_types(types)).order_by("seq")
    if since is not None:
        found = found.filter(recorded_at__gte=since)
    return found if until is None else found.filter(recorded_at__lt=until)


def cloud_event(event: Event) -> dict[str, object]:
    """CloudEvents 1.0 in JSON; ``sequence``, ``actor``, ``purpose`` and ``recordedtime`` are extension attributes."""
    content = {
        "specversion": SPEC_VERSION,
        "id": str(event.id),
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": canonical_time(event.at),
        "recordedtime": canonical_time(event.recorded_at),
        "sequence": str(event.seq),
        "actor": event.actor,
        "purpose": event.purpose,
        "datacontenttype": "application/json",
        "data": event.data,
    }
    # an attribute without a value is left out: the specification knows no empty ones
    return {name: value for name, value in content.items() if value != "" or name == "data"}


def cloud_events(found: QuerySet[Event]) -> Iterator[dict[str, object]]:
    """One by one through a cursor in the database, however many there are."""
    return map(cloud_event, found.iterator(chunk_size=CHUNK))


def parked() -> QuerySet[Parked]:
    """Events that subscribers could not take, oldest first."""
    return Parked.objects.select_related("event").order_by("parked_at", "id")


def newest_of(*types: str) -> Event | None:
    """The last event of these types; None where none of them ever happened."""
    return Event.objects.filter(type__in=types).order_by("-seq").first()


def last_change(subject: str, *types: str) -> Event | None:
    """The newest event about one record, of these types if any are named."""
    return Event.objects.filter(of_types(types), subject=subject).order_by("-seq").first()


def with_data(type: str, **data: str) -> QuerySet[Event]:
    """Events of that type that say this: no index knows what an event says, so this is for what is asked rarely."""
    return Event.objects.filter(type=type, **{f"data__{name}": value for name, value in data.items()})


def happened(since: datetime, until: datetime) -> QuerySet[Event]:
    """Events that happened from ``since`` on and before ``until``, whenever they were recorded; without an order."""
    return Event.objects.filter(at__gte=since, at__lt=until)


def latest(found: QuerySet[Event], *, before: tuple[datetime, int] | None = None) -> QuerySet[Event]:
    """By when it happened, the newest first; of those behind the place of a line of a page, (moment, number)."""
    found = found.order_by("-at", "-seq")
    if before is None:
        return found
    at, seq = before
    # in a form that an index answers
    return found.filter(Q(at__lte=at) & ~Q(at=at, seq__gte=seq))


def last_seal() -> Seal | None:
    return Seal.objects.order_by("-number").first()


def seals_between(since: datetime, until: datetime) -> tuple[int, int] | None:
    """The first and the last number of the seals that were made from ``since`` on and before ``until``."""
    found = Seal.objects.filter(sealed_at__gte=since, sealed_at__lt=until)
    ends = found.aggregate(first=Min("number"), last=Max("number"))
    return (ends["first"], ends["last"]) if ends["first"] is not None else None
