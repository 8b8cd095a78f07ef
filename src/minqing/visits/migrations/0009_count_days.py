"""Triggers that note which days a changed visit touches, and the first count of all days.

Of a visit at which somebody was met: its own day, and that of the next one to the household, whose former day it is.
They write with the owner's rights: the app's role gets its own on the table only after the last migration. The walls
stand before the owner too, and the next visit may be behind the writer's: of a household that has moved, visits are in
the former area until they follow. So all areas are open within the trigger, and only there. The household is held, as whoever records a visit holds it: of two visits written at once
the second sees the first. Run again it makes the same.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import migrations, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Count, Max, Min, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate

from minqing.core.clock import SHANGHAI, local_date

ROWS = {
    "insert": ("NEW TABLE AS new_rows", "new_rows"),
    "update": (
        "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "(SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows)",
    ),
    "delete": ("OLD TABLE AS old_rows", "old_rows"),
}
DAY = "({at} AT TIME ZONE 'Asia/Shanghai')::date"
NOTE = f"""
    PERFORM FROM public.households_household AS h WHERE h.id IN (SELECT r.household_id FROM {{rows}} AS r)
    ORDER BY h.id FOR NO KEY UPDATE;
    INSERT INTO public.visits_stalevisitday (day)
    SELECT {DAY.format(at="r.visited_at")} FROM {{rows}} AS r WHERE r.met <> 'nobody'
    UNION SELECT {DAY.format(at="n.visited_at")} FROM {{rows}} AS r
    CROSS JOIN LATERAL (
        SELECT v.visited_at FROM public.visits_visit AS v
        WHERE v.household_id = r.household_id AND v.met <> 'nobody'
        AND v.visited_at >= ({DAY.format(at="r.visited_at")} + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
        ORDER BY v.visited_at LIMIT 1) AS n
    WHERE r.met <> 'nobody'
"""  # noqa: S608  # no word of it comes from outside
# what is older than this migration it counts itself: the journal holds a county's visits, to be told one by one else
FROM_NOW = """
    INSERT INTO journal_position (name, tx, seq, tries)
    VALUES ('visits-days', pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1, 9223372036854775807, 0)
    ON CONFLICT DO NOTHING
"""
PIECE = timedelta(days=31)
# the wall stands before the owner too
OPEN = "SELECT set_config('minqing.areas', coalesce((SELECT array_agg(id)::text FROM org_area), ''), true)"
AREAS = "(SELECT array_agg(id)::text FROM public.org_area)"


def trigger(event: str) -> migrations.RunSQL:
    known, rows = ROWS[event]
    name = f"visits_visit_days_{event}"
    return migrations.RunSQL(
        [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
            f"SET search_path = pg_catalog, public, pg_temp AS $$ "
            "DECLARE before text := current_setting('minqing.areas', true); BEGIN "
            f"PERFORM set_config('minqing.areas', coalesce({AREAS}, ''), true); {NOTE.format(rows=rows)}; "
            "PERFORM set_config('minqing.areas', coalesce(before, ''), true); RETURN NULL; END $$",
            f"REVOKE EXECUTE ON FUNCTION {name}() FROM PUBLIC",
            f"CREATE OR REPLACE TRIGGER days_{event} AFTER {event.upper()} ON visits_visit "
            f"REFERENCING {known} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        ],
        [f"DROP TRIGGER days_{event} ON visits_visit", f"DROP FUNCTION {name}()"],
    )


def count_days(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A month at a time, each committed: no page is slow after the upgrade, and nobody waits for it meanwhile."""
    while count_month(apps, editor.connection):
        pass


def count_month(apps: StateApps, connection: BaseDatabaseWrapper) -> bool:
    def rows(model: str) -> QuerySet[Model]:
        return apps.get_model("visits", model).objects.using(connection.alias)

    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(OPEN)
        top = apps.get_model("org", "Area").objects.using(connection.alias).filter(parent=None).order_by("id").first()
        bounds = rows("Visit").aggregate(first=Min("visited_at"), last=Max("visited_at"))
        counted = rows("VisitedDay").aggregate(last=Max("day"))["last"]
        if top is None or bounds["first"] is None:
            return False
        since = counted + timedelta(days=1) if counted else local_date(bounds["first"])
        until = min(since + PIECE, local_date(bounds["last"]) + timedelta(days=1))
        if since >= until:
            return False
        # before the rows are looked at: what changes from now on makes its day stale again
        rows("StaleVisitDay").filter(day__gte=since, day__lt=until).delete()
        kept = apps.get_model("visits", "VisitedDay")
        numbers = {(until - timedelta(days=1), None): 0} | counted_days(rows("Visit"), since, until)
        rows("VisitedDay").bulk_create(
            (kept(area_id=top.pk, day=day, former=former, households=n) for (day, former), n in numbers.items()),
            batch_size=5_000,
        )
        return True


def counted_days(visits: QuerySet[Model], since: date, until: date) -> dict[tuple[date, date | None], int]:
    """As ``visits.queries.days.count_visited_days`` had it."""
    start, end = (datetime.combine(day, time(), SHANGHAI) for day in (since, until))
    met = visits.exclude(met="nobody").order_by().annotate(day=TruncDate("visited_at", tzinfo=SHANGHAI))
    before = met.filter(household=OuterRef("household"), visited_at__lt=OuterRef("visited_at"), day__lt=OuterRef("day"))
    former = Subquery(before.order_by("-visited_at").values("day")[:1])
    found = met.filter(visited_at__gte=start, visited_at__lt=end).annotate(former=former)
    rows = found.values_list("day", "former").annotate(n=Count("household", distinct=True))
    return {(day, former): number for day, former, number in rows}


class Migration(migrations.Migration):
    # a piece at a time
    atomic = False
    dependencies = [
        ("households", "0003_areas_looked_up"),
        ("visits", "0008_days"),
        ("journal", "0002_append_only"),
    ]
    operations = [
        *[trigger(event) for event in ROWS],
        migrations.RunSQL(FROM_NOW, "DELETE FROM journal_position WHERE name = 'visits-days'"),
        migrations.RunPython(count_days, migrations.RunPython.noop),
    ]
