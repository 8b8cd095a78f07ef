"""How the system is, as it was found last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import get_language

from minqing.core.room import Beginning
from minqing.desk.kinds import BEGINNINGS
from minqing.desk.models import Health
from minqing.journal.queries import newest_of
from minqing.web.pieces import LOOK, OFF, WELL
from minqing.web.public_origin import is_public

# the language by whose words a finding is known again
KNOWN_BY: Final = "en"
# it is looked over every five minutes; what is older than this was not looked at, because no worker works
STALE: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Looked:
    """One thing that was looked at, in the reader's language; ``page`` is where it can be mended, by its name."""

    name: str
    state: str
    seen: str
    mend: str
    page: str
    since: datetime


@dataclass(frozen=True)
class LookedOver:
    """All that was looked at, what is not well first, and when; None where nobody has looked yet."""

    rows: tuple[Looked, ...]
    at: datetime | None

    @property
    def ill(self) -> list[Looked]:
        return [one for one in self.rows if one.state == LOOK]

    def stale(self, now: datetime) -> bool:
        """Whether what is known is so old that nobody can be working."""
        return self.at is None or now - self.at > STALE


def looked_over() -> LookedOver:
    stored = sorted(Health.objects.all(), key=lambda one: (one.well, one.position))
    language = get_language() or KNOWN_BY
    rows = tuple(
        Looked(
            **one.texts.get(language, one.texts[KNOWN_BY]),
            state=LOOK if not one.well else WELL if one.known else OFF,
            page=one.page,
            since=one.since,
        )
        for one in stored
    )
    return LookedOver(rows, max((one.looked_at for one in stored), default=None))


@dataclass(frozen=True)
class Step:
    """One of setting up: what it is, how much there is by now, and whether it is the next to do."""

    of: Beginning
    count: int
    next: bool


def steps() -> list[Step]:
    """In the order in which one needs the other."""
    counted = [(one, one.count()) for one in sorted(BEGINNINGS, key=lambda one: one.rank)]
    first = next((one for one, count in counted if not count), None)
    return [Step(one, count, one is first) for one, count in counted]


def reachable() -> int:
    """1 where residents can reach the address that plates and messages bear."""
    return int(is_public(settings.ORIGIN))


def backed_up() -> int:
    """1 once a backup was made."""
    return int(newest_of("config.backup.made") is not None)
