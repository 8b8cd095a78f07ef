"""Matters of the first release have a deadline and no clock: nothing carried them up, lengthened or stopped it.

Also in a database that was upgraded before: there a pause took the deadline away altogether, as no clock came to one.
"""

from __future__ import annotations

from datetime import datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils import timezone

from minqing import deadlines
from minqing.core.ids import new_id
from minqing.deadlines import Target, shipped
from minqing.deadlines.enums import Rung
from minqing.deadlines.shapes import Step
from minqing.matters.enums import ClockKind, State
from minqing.matters.migrations._batches import in_batches
from minqing.worktime.calendar import default_calendar
from minqing.worktime.hours import USUAL, Hours, WorkTime, local

USUAL_DAYS = 5
# a unit has it, and it is not answered
HELD = (State.ASSIGNED.value, State.ACCEPTED.value, State.SUSPENDED.value)


class Backfill:
    """The rows of one upgrade, read through the tables as they are at this migration."""

    def __init__(self, apps: StateApps, alias: str) -> None:
        self.rows = lambda room, model: apps.get_model(room, model).objects.using(alias)
        self.model = lambda model: apps.get_model("matters", model)
        self.now = timezone.now()
        days = self.rows("org", "WorkDay").values_list("date", "working")
        self.calendar = default_calendar().with_overrides(dict(days))
        kept = list(self.rows("matters", "LadderStep").filter(used=True).values_list("rung", "after"))
        ladder = [Step(Rung(rung), Target.parse(after)) for rung, after in kept] or list(
            shipped.ladder("minqing.matters")
        )
        self.ladder = sorted(ladder, key=lambda step: tuple(Rung).index(step.rung))

    def lacking(self) -> QuerySet[Model]:
        held = self.rows("matters", "Matter").filter(state__in=HELD, lead_unit__isnull=False)
        running = self.rows("matters", "Clock").filter(
            matter=OuterRef("pk"), kind=ClockKind.FINISH.value, stopped_at=None, counts=True
        )
        return held.filter(~Exists(running)).select_related("lead_unit", "category")

    def give(self, matters: list[Model]) -> list[Model]:
        """Returns those that were given a clock."""
        # one of this release for which nothing was promised has none
        due = [one for one in matters if one.due_at is not None or not one.clocks.exists()]
        for matter in due:
            self.give_clock(matter)
        return due

    def give_clock(self, matter: Model) -> None:
        work = WorkTime(self.calendar, Hours.parse(matter.lead_unit.hours) if matter.lead_unit.hours else USUAL)
        start = matter.assigned_at or matter.received_at
        target = target_of(matter, start, work)
        pauses = [self.pause_of(row) for row in matter.pauses.order_by("started_at") if stops(row)]
        found = deadlines.reckon(
            kind=ClockKind.FINISH, start=start, target=target, work=work, pauses=pauses, now=self.now
        )
        # what was promised stands; only what the pause has taken away, or lengthens, is reckoned
        due = found.due_at if pauses or matter.due_at is None else matter.due_at
        provisional = found.provisional if due == found.due_at else matter.due_provisional
        self.model("Clock").objects.using(matter._state.db).create(
            id=new_id(),
            matter=matter,
            unit=matter.lead_unit,
            kind=ClockKind.FINISH.value,
            started_at=start,
            target=target.as_json(),
            calendar=work.fingerprint,
            due_at=due,
            provisional=provisional,
            escalate_at=self.escalation(matter, due, work),
        )
        if due != matter.due_at:
            self.rows("matters", "Matter").filter(pk=matter.pk).update(due_at=due, due_provisional=provisional)

    def pause_of(self, row: Model) -> deadlines.Pause:
        return deadlines.Pause(row.started_at, row.ended_at, reason_code=row.reason, planned_end=row.planned_end)

    def escalation(self, matter: Model, due: datetime | None, work: WorkTime) -> datetime | None:
        """As the services reckon it; what is long overdue is carried up by the next run of the ladder."""
        rungs = tuple(Rung)
        above = next((one for one in self.ladder if rungs.index(one.rung) > rungs.index(Rung(matter.rung))), None)
        if above is None or due is None or not above.after.amount:
            return due if above else None
        return deadlines.reckon(kind=ClockKind.FINISH, start=due, target=above.after, work=work, now=due).due_at


def target_of(matter: Model, start: datetime, work: WorkTime) -> Target:
    """The term that ends on the day that was promised; where none is left, what the category promises."""
    if matter.due_at is None:
        return Target(days=matter.category.working_days if matter.category else USUAL_DAYS)
    first, last = local(start).date(), local(matter.due_at).date()
    if last > first and not work.is_working_day(last):
        return Target(calendar_days=(last - first).days)
    return Target(days=max(work.days_between(first, last), 0))


def stops(pause: Model) -> bool:
    return ClockKind.FINISH in (pause.stops or shipped.stopped_by("minqing.matters", pause.reason))


def backfill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    one = Backfill(apps, editor.connection.alias)
    in_batches(apps, editor.connection, one.lacking, one.give)


class Migration(migrations.Migration):
    # a piece at a time
    atomic = False
    dependencies = [
        ("matters", "0021_export_post"),
        ("org", "0005_rights_from_posts_alone"),
        ("journal", "0002_append_only"),
    ]
    operations = [migrations.RunPython(backfill, migrations.RunPython.noop)]
