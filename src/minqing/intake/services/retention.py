"""Retention: files of imported tables are deleted after thirty days; how an office reads its tables after longer."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.timekeeping import lived_now
from minqing.intake import storage
from minqing.intake.models import ColumnMemory, ImportRun
from minqing.journal.services import record

# which column is which, where no such table was loaded meanwhile
DAYS_REMEMBERED = 400


def forget_old_files(*, by: Actor, at: datetime | None = None) -> int:
    """Delete files of runs older than thirty days, files of no run and old memories; returns how many runs."""
    lived, at = at or lived_now(), at or clock.now()
    edge = lived - timedelta(days=storage.DAYS_KEPT)
    with transaction.atomic():
        old = list(ImportRun.objects.select_for_update().filter(made_at__lt=edge).exclude(stored="", marked=""))
        for run in old:
            storage.remove(run.stored, run.marked)
        # the first problems hold pieces of people's data, and so does what somebody took for headings: they go as well
        ImportRun.objects.filter(id__in=[run.id for run in old]).update(stored="", marked="", problems=[], mapping={})
        ColumnMemory.objects.filter(kept_at__lt=lived - timedelta(days=DAYS_REMEMBERED)).delete()
        if old:
            record(type="intake.files.forgotten", subject="imports", by=by, at=at, data={"runs": len(old)})
    forget_strays(edge)
    return len(old)


def forget_strays(edge: datetime) -> None:
    """Files that a killed process left behind before their run was committed."""
    known = set(ImportRun.objects.values_list("stored", flat=True)) | set(
        ImportRun.objects.values_list("marked", flat=True)
    )
    for path in storage.folder().iterdir():
        # another may forget it at the same moment
        with suppress(FileNotFoundError):
            if path.name not in known and path.stat().st_mtime < edge.timestamp():
                path.unlink()
