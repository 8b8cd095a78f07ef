"""Who reads the record, and what of it a person should look at. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.org.enums import Role

AUDITORS: Final = frozenset({Role.AUDITOR})
# days that the pages show where none are asked for, and the most that they look through at once
USUAL_DAYS: Final = 7
MOST_DAYS: Final = 366
# how far back the seals of single days are shown and looked at by themselves
SEAL_DAYS: Final = 31


def may_check(actor: Actor, day: date, today: date) -> Decision:
    """Whether the actor may have the seals of that day looked at."""
    if actor.kind != "system" and not actor.has(*AUDITORS):
        return Decision.no("not_auditor", _("Only an auditor has the seals checked."))
    if day > today:
        return Decision.no("day_to_come", _("This day is still to come."))
    return Decision.yes()


def span(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The days meant: the last week where none are given, and never more than a year."""
    last = until or (min(since + timedelta(days=MOST_DAYS - 1), today) if since else today)
    first = since or last - timedelta(days=USUAL_DAYS - 1)
    first, last = min(first, last), max(first, last)
    return max(first, last - timedelta(days=MOST_DAYS - 1)), last
