"""What the backfills share: pieces of their own, so that an upgrade never holds all matters, nor writes over a move.

The process of the old version may still be at work. Each matter is locked as every move locks it, and whether it
still lacks something is asked after that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.state import StateApps
from django.db.models import Model, QuerySet
from django.utils import timezone

from minqing.core.ids import new_id

BY = "system:minqing migrate"
BATCH = 500
# the wall stands before the owner too
OPEN = """
    SELECT set_config('minqing.areas', coalesce((SELECT array_agg(id)::text FROM org_area), ''), true),
           set_config('minqing.units', coalesce((SELECT array_agg(id)::text FROM org_unit), ''), true),
           set_config('minqing.confidential', 'yes', true)
"""


@contextmanager
def opened(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """A transaction that sees all rows."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(OPEN)
        yield


def in_batches(
    apps: StateApps,
    connection: BaseDatabaseWrapper,
    lacking: Callable[[], QuerySet[Model]],
    give: Callable[[list[Model]], Iterable[Model]],
) -> None:
    """Call ``give`` with the matters of ``lacking()``, 500 in a transaction; one event says to which it gave."""
    alias = connection.alias
    matters = apps.get_model("matters", "Matter").objects.using(alias)
    events = apps.get_model("journal", "Event").objects.using(alias)
    with opened(connection):
        ids = list(lacking().order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), BATCH):
        some = ids[first : first + BATCH]
        with opened(connection):
            list(matters.filter(pk__in=some).order_by("pk").select_for_update().values_list("pk"))
            done = [str(one.pk) for one in give(list(lacking().filter(pk__in=some).order_by("pk")))]
            if done:
                events.create(
                    id=new_id(),
                    type="matters.clocks.backfilled",
                    source="/minqing",
                    subject="clocks",
                    at=timezone.now(),
                    actor=BY,
                    data={"matters": done},
                )
