"""Who looked at what is personal: how often by day, and days on which somebody opened unusually much."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import TruncDate

from minqing.audit.kinds import DEEDS, types_of
from minqing.audit.queries.naming import people_told, safe_account
from minqing.audit.queries.record import Asked, events_of
from minqing.core.clock import SHANGHAI
from minqing.core.room import Doing

OPENED: Final = ("households.household.viewed",)
MOST_BURSTS: Final = 50


@dataclass(frozen=True)
class Burst:
    """That somebody opened this many households on one day: a fact for a person to look at, and no more."""

    day: date
    account: str
    who: str
    households: int


def personal_types() -> list[str]:
    """What counts as a look: at what is personal, or what left the house with it."""
    return types_of(Doing.LOOK, Doing.OUT)


def bursts(asked: Asked) -> list[Burst]:
    """By day, and on a day by name; two statements and one for the posts."""
    rows = (
        events_of(Asked(asked.since, asked.until, types=OPENED, actors=asked.actors))
        .filter(subject__startswith="household:")
        .values("actor", day=TruncDate("at", tzinfo=SHANGHAI))
        .annotate(n=Count("subject", distinct=True))
        .filter(n__gte=settings.LOOKS_NOTED)
        .order_by("-day", "actor")[:MOST_BURSTS]
    )
    found: list[dict[str, Any]] = list(rows)
    people = people_told({one for row in found if (one := safe_account(row["actor"]))})
    made = [
        Burst(row["day"], str(account), people.get(account, "–"), row["n"])
        for row in found
        if (account := safe_account(row["actor"]))
    ]
    return sorted(made, key=lambda one: (-one.day.toordinal(), one.who))


def counts_of_days(day: date, before: date) -> tuple[Counter[Doing], Counter[Doing]]:
    """How many of each sort on a day, and on one before it; one statement."""
    rows = events_of(Asked(before, day)).values("type", on=TruncDate("at", tzinfo=SHANGHAI)).annotate(n=Count("id"))
    then: Counter[Doing] = Counter()
    now: Counter[Doing] = Counter()
    for row in rows:
        deed = DEEDS.get(row["type"])
        if row["on"] in {day, before}:
            (now if row["on"] == day else then)[deed.doing if deed else Doing.DONE] += row["n"]
    return now, then
