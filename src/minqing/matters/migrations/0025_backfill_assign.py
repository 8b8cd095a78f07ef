"""Matters that waited for a unit before there was a clock to assign: nothing showed how long, and nothing turned red.

They are given the clock of a matter of today, from when they began to wait: what has waited too long is overdue at once.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils import timezone

from minqing import deadlines
from minqing.core.ids import new_id
from minqing.deadlines import Target, shipped
from minqing.matters.enums import ClockKind, State
from minqing.matters.migrations._batches import in_batches
from minqing.worktime.calendar import default_calendar
from minqing.worktime.hours import USUAL, WorkTime

KIND = ClockKind.ASSIGN


class Backfill:
    """The rows of one upgrade, read through the tables as they are at this migration."""

    def __init__(self, apps: StateApps, alias: str) -> None:
        self.rows = lambda room, model: apps.get_model(room, model).objects.using(alias)
        self.clock = apps.get_model("matters", "Clock")
        self.now = timezone.now()
        days = self.rows("org", "WorkDay").values_list("date", "working")
        self.work = WorkTime(default_calendar().with_overrides(dict(days)), USUAL)
        given = {mechanism: terms[KIND.value] for mechanism, terms in shipped.norms("minqing.matters").items()}
        kept = dict(self.rows("matters", "Norm").filter(kind=KIND.value).values_list("mechanism", "target"))
        self.terms = {name: Target.parse(target) for name, target in (given | kept).items()}

    def lacking(self) -> QuerySet[Model]:
        running = self.rows("matters", "Clock").filter(
            matter=OuterRef("pk"), kind=KIND.value, stopped_at=None, counts=True
        )
        return self.rows("matters", "Matter").filter(~Exists(running), state=State.RECEIVED.value)

    def give(self, matters: list[Model]) -> list[Model]:
        """Returns those that were given a clock."""
        since, made = self.waiting_since(matters), []
        for matter in matters:
            target, start = self.terms[matter.mechanism], since[matter.pk]
            found = deadlines.reckon(kind=KIND, start=start, target=target, work=self.work, now=self.now)
            made.append(
                self.clock(
                    id=new_id(),
                    matter=matter,
                    kind=KIND.value,
                    started_at=start,
                    target=target.as_json(),
                    norm=matter.mechanism,
                    calendar=self.work.fingerprint,
                    due_at=found.due_at,
                    provisional=found.provisional,
                )
            )
            matter.due_at, matter.due_provisional = found.due_at, found.provisional
        self.rows("matters", "Clock").bulk_create(made)
        self.rows("matters", "Matter").bulk_update(matters, ["due_at", "due_provisional"])
        return matters

    def waiting_since(self, matters: list[Model]) -> dict[UUID, datetime]:
        """When each came to where it waits: received, or sent back by the unit that had it."""
        since, states = {one.pk: one.received_at for one in matters}, dict.fromkeys((one.pk for one in matters), "")
        steps = self.rows("matters", "Step").filter(matter__in=matters).order_by("at", "id")
        for matter, state, at in steps.values_list("matter_id", "state", "at"):
            if state == State.RECEIVED.value and states[matter] not in {"", state}:
                since[matter] = at
            states[matter] = state
        return since


def backfill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    one = Backfill(apps, editor.connection.alias)
    in_batches(apps, editor.connection, one.lacking, one.give)


class Migration(migrations.Migration):
    # a piece at a time
    atomic = False
    dependencies = [
        ("matters", "0024_days"),
        ("org", "0005_rights_from_posts_alone"),
        ("journal", "0002_append_only"),
    ]
    operations = [migrations.RunPython(backfill, migrations.RunPython.noop)]
