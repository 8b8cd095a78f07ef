"""A moment at which rooms above join in: what somebody has had elsewhere counts towards the one limit of a month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from minqing.core.hooks import Hook
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.redeeming.queries.shops import had_this_month

had_elsewhere: Hook[[int, Collection[UUID], datetime], Mapping[UUID, int]] = Hook("redeeming.had_elsewhere")


def had_anywhere(person: int, items: Collection[UUID], at: datetime) -> Mapping[UUID, int]:
    """How many of these somebody has had in the month of ``at``, in all shops and elsewhere, whoever may see it and
    from whichever purse; ``person`` is their own account.
    """
    with acting_as(system_actor("redeeming.limits")):
        had = Counter(had_this_month(person, items, at))
        for elsewhere in had_elsewhere(person, items, at):
            had.update(elsewhere)
    return had
