"""Matters that waited for a unit before there was a clock to assign: nothing showed how long, and nothing turned red.

They are given the clock of a matter of today, from when they began to wait: what has waited too long is overdue at once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import migrations
from django.utils import timezone

from minqing.core.calendar import default_calendar
from minqing.core.ids import new_id
from minqing.core.worktime import USUAL, WorkTime
from minqing.matters import clocks, norms
from minqing.matters.clocks import Target
from minqing.matters.enums import ClockKind, State

BY = "system:minqing migrate"
BATCH = 500
KIND = ClockKind.ASSIGN
# the wall stands before the owner too
OPEN = """
    SELECT set_config('minqing.areas', coalesce((SELECT array_agg(id)::text FROM org_area), ''), true),
           set_config('minqing.units', coalesce((SELECT array_agg(id)::text FROM org_unit), ''), true),
           set_config('minqing.confidential', 'yes', true)
"""
SHUT = "SELECT set_config(name, '', true) FROM unnest(ARRAY['minqing.areas', 'minqing.units', 'minqing.confidential']) name"


class Backfill:
    """The rows of one upgrade, read through the tables as they are at this migration."""

    def __init__(self, apps: Any, alias: str) -> None:
        self.rows = lambda room, model: apps.get_model(room, model).objects.using(alias)
        self.clock = apps.get_model("matters", "Clock")
        self.now = timezone.now()
        days = self.rows("org", "WorkDay").values_list("date", "working")
        self.work = WorkTime(default_calendar().with_overrides(dict(days)), USUAL)
        shipped = {mechanism: terms[KIND.value] for mechanism, terms in norms.reference()["norms"].items()}
        kept = dict(self.rows("matters", "Norm").filter(kind=KIND.value).values_list("mechanism", "target"))
        self.terms = {name: Target.parse(target) for name, target in (shipped | kept).items()}

    def run(self) -> list[str]:
        """In batches of 500; returns the ids of those that were given a clock."""
        waiting = self.rows("matters", "Matter").filter(state=State.RECEIVED.value)
        lacking = waiting.exclude(clocks__kind=KIND.value, clocks__stopped_at=None, clocks__counts=True)
        ids = list(lacking.order_by("pk").values_list("pk", flat=True))
        for first in range(0, len(ids), BATCH):
            self.give(ids[first : first + BATCH])
        return [str(one) for one in ids]

    def give(self, ids: list[Any]) -> None:
        matters = list(self.rows("matters", "Matter").filter(pk__in=ids))
        since, made = self.waiting_since(matters), []
        for matter in matters:
            target, start = self.terms[matter.mechanism], since[matter.pk]
            found = clocks.reckon(kind=KIND, start=start, target=target, work=self.work, now=self.now)
            made.append(self.clock(
                id=new_id(), matter=matter, kind=KIND.value, started_at=start, target=target.as_json(),
                norm=matter.mechanism, calendar=self.work.fingerprint, due_at=found.due_at, provisional=found.provisional,
            ))  # fmt: skip
            matter.due_at, matter.due_provisional = found.due_at, found.provisional
        self.clock.objects.using(matters[0]._state.db).bulk_create(made)
        self.rows("matters", "Matter").bulk_update(matters, ["due_at", "due_provisional"])

    def waiting_since(self, matters: list[Any]) -> dict[Any, datetime]:
        """When each came to where it waits: received, or sent back by the unit that had it."""
        since, states = {one.pk: one.received_at for one in matters}, dict.fromkeys((one.pk for one in matters), "")
        steps = self.rows("matters", "Step").filter(matter__in=matters).order_by("at", "id")
        for matter, state, at in steps.values_list("matter_id", "state", "at"):
            if state == State.RECEIVED.value and states[matter] not in {"", state}:
                since[matter] = at
            states[matter] = state
        return since


def backfill(apps: Any, editor: Any) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute(OPEN)
        done = Backfill(apps, editor.connection.alias).run()
        if done:
            apps.get_model("journal", "Event").objects.using(editor.connection.alias).create(
                id=new_id(), type="matters.clocks.backfilled", source="/minqing", subject="clocks", at=timezone.now(),
                actor=BY, data={"matters": done},
            )  # fmt: skip
        cursor.execute(SHUT)


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0024_days"),
        ("org", "0005_rights_from_posts_alone"),
        ("journal", "0002_append_only"),
    ]
    operations = [migrations.RunPython(backfill, migrations.RunPython.noop)]
