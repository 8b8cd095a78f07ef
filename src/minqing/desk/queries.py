"""How the system is, as it was found last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import get_language

from minqing.desk.models import Health
from minqing.web.pieces import LOOK, OFF, WELL

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
