"""What waits for a unit is carried up from now on; what is late already begins at the end of the next working day.

Else the first run after the upgrade would tell everybody up to the county's leaders of every old one at once. From
that moment it climbs rung by rung as the ladder says, and whoever sorts there has the time before.

Messages of a board that nobody had answered were loaded without a clock: they are given theirs first, from when they
came, as 0025 gave it.
"""

from __future__ import annotations

from importlib import import_module
from uuid import UUID

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.utils import timezone

from minqing import deadlines
from minqing.deadlines import Target
from minqing.deadlines.enums import Rung
from minqing.matters.enums import ClockKind, State
from minqing.matters.migrations._batches import in_batches
from minqing.worktime.calendar import default_calendar
from minqing.worktime.hours import USUAL, WorkTime

KIND = ClockKind.ASSIGN
# by which a matter comes to where it waits for a unit; it is looked at on a higher rung on purpose after an appeal
APPEAL = "appeal"
CAME_BY = ("receive", "send_back", "reopen", "split", APPEAL)
without_clock = import_module("minqing.matters.migrations.0025_backfill_assign").Backfill


class Backfill:
    """The rows of one upgrade, read through the tables as they are at this migration."""

    def __init__(self, apps: StateApps, alias: str) -> None:
        self.rows = lambda model: apps.get_model("matters", model).objects.using(alias)
        self.now = timezone.now()
        days = apps.get_model("org", "WorkDay").objects.using(alias).values_list("date", "working")
        work = WorkTime(default_calendar().with_overrides(dict(days)), USUAL)
        found = deadlines.reckon(kind=KIND, start=self.now, target=Target(days=1), work=work, now=self.now)
        self.heard_from = found.forecast_at

    def running(self) -> QuerySet[Model]:
        return self.rows("Clock").filter(kind=KIND.value, stopped_at=None, counts=True, due_at__isnull=False)

    def lacking(self) -> QuerySet[Model]:
        silent = self.running().filter(escalate_at=None, heard_from=None)
        return self.rows("Matter").filter(state=State.RECEIVED.value, pk__in=silent.values("matter"))

    def give(self, matters: list[Model]) -> list[Model]:
        """A rung that a matter has here, unless by an appeal, was climbed by the deadline of a unit that sent it back."""
        rows = list(self.running().filter(matter__in=matters))
        for row in rows:
            row.heard_from = self.heard_from if row.due_at < self.now else None
            row.escalate_at = row.heard_from or row.due_at
        self.rows("Clock").bulk_update(rows, ["heard_from", "escalate_at"])
        appealed = self.appealed(matters)
        low = [matter.pk for matter in matters if matter.pk not in appealed]
        self.rows("Matter").filter(pk__in=low).update(rung=Rung.OFFICER.value)
        return matters

    def appealed(self, matters: list[Model]) -> set[UUID]:
        steps = self.rows("Step").filter(matter=OuterRef("pk"), state=State.RECEIVED.value, move__in=CAME_BY)
        last = Subquery(steps.order_by("-at", "-id").values("move")[:1])
        found = self.rows("Matter").filter(pk__in=[matter.pk for matter in matters]).annotate(came=last)
        return set(found.filter(came=APPEAL).values_list("pk", flat=True))


def backfill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for maker in (without_clock, Backfill):
        one = maker(apps, editor.connection.alias)
        in_batches(apps, editor.connection, one.lacking, one.give)


class Migration(migrations.Migration):
    # a piece at a time
    atomic = False
    dependencies = [("matters", "0031_heard_from"), ("org", "0005_rights_from_posts_alone")]
    operations = [migrations.RunPython(backfill, migrations.RunPython.noop)]
