"""The auditor's first page: what happened today in few facts, and how the seals stand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.audit.kinds import types_of
from minqing.audit.queries.looks import bursts, counts_of_days
from minqing.audit.queries.record import Asked, leaf_of
from minqing.audit.queries.seals import sealed
from minqing.audit.rules import USUAL_DAYS
from minqing.core.clock import local_date
from minqing.core.days import DAY
from minqing.core.room import Doing
from minqing.org.access import PageRequest
from minqing.web.pieces import Stat, against, link
from minqing.web.slots import drawn

YESTERDAY: Final = (gettext_lazy("{difference} than yesterday ({before})"), gettext_lazy("as yesterday ({before})"))
SHOWN: Final = 5


def on_today(request: PageRequest, now: datetime) -> str:
    """Figures of the day with the lines behind them, and the last lists that left the house."""
    today = local_date(now)
    week = Asked(today - timedelta(days=USUAL_DAYS - 1), today, types=types_of(Doing.OUT))
    context = {"sealed": sealed(), "stats": stats(now), "out": leaf_of(week, size=SHOWN).lines, "since": week.since}
    return drawn(request, "audit/parts/today.html", context)


def stats(now: datetime) -> list[Stat]:
    """Each leads to its lines."""
    today = local_date(now)
    is_now, was = counts_of_days(today, today - DAY)
    shown = {
        Doing.DONE: (_("Made or changed today"), "audit:record"),
        Doing.LOOK: (_("Looks at personal data today"), "audit:looks"),
        Doing.OUT: (_("Taken out or printed today"), "audit:looks"),
        Doing.DENIED: (_("Refused today"), "audit:record"),
    }
    return [
        Stat(
            name,
            is_now[doing],
            url=link(page, since=today, until=today, sort=doing.value),
            change=against(is_now[doing], was[doing], than=YESTERDAY),
        )
        for doing, (name, page) in shown.items()
    ]


def on_rail(request: PageRequest, now: datetime) -> str:
    """Days on which somebody opened unusually many households, as facts."""
    today = local_date(now)
    since = today - timedelta(days=USUAL_DAYS - 1)
    found = bursts(Asked(since, today))
    context = {"bursts": found[:SHOWN], "limit": settings.LOOKS_NOTED, "since": since}
    return drawn(request, "audit/parts/bursts.html", context)
