"""Writes at the door: who may knock how often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from minqing.core import clock, rate_limit
from minqing.core.limits import Limit
from minqing.doorstep.models import Bucket
from minqing.doorstep.queries import key_of

BUCKETS = "doorstep_bucket"


def allow(limit: Limit, who: str, *, at: datetime | None = None) -> bool:
    """Take a drop from the bucket of ``limit`` for ``who``; False when none is left. Holds over all processes.

    The row stays locked until the caller's transaction ends: give it a short one of its own.
    """
    return rate_limit.allow(BUCKETS, key_of(limit, who), limit, at=at)


@transaction.atomic
def allow_all(tries: Sequence[tuple[Limit, str]], *, at: datetime | None = None) -> bool:
    """Take a drop from each bucket in turn until one is empty: name the narrow ones first.

    Whoever has used up the own bucket then takes nothing from those that all share.
    """
    return all(allow(limit, who, at=at) for limit, who in tries)


@transaction.atomic
def allow_any(tries: Sequence[tuple[Limit, str]], *, at: datetime | None = None) -> bool:
    """Take a drop from the first bucket that has one; True where none is named."""
    return not tries or any(allow(limit, who, at=at) for limit, who in tries)


def sweep_buckets(*, at: datetime | None = None) -> int:
    """Forget the buckets that are full again: a bucket that is not there is full."""
    return Bucket.objects.filter(full_at__lt=at or clock.now()).delete()[0]
