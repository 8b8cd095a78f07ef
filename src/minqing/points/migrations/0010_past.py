"""A made-up county has a past: while its table is not empty, which its owner alone fills, a transfer may be of then.

The row alone opens nothing: whoever loads the county must be there and hold a lock, as the owner of the table. What was
killed in the middle leaves a row and no way back.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.models.functions import Now

# of a past that is not open, and of a month that is closed, nobody posts anything
MOMENT = """
CREATE FUNCTION points_moment() RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
    told timestamptz := nullif(current_setting('minqing.points_moment', true), '');
BEGIN
    IF told IS NULL THEN
        RETURN clock_timestamp();
    END IF;
    IF told > clock_timestamp() OR NOT EXISTS (SELECT FROM public.points_past) OR NOT EXISTS (
        SELECT FROM pg_catalog.pg_locks l
        JOIN pg_catalog.pg_stat_activity a USING (pid)
        JOIN pg_catalog.pg_class c ON c.oid = 'public.points_past'::regclass AND c.relowner = a.usesysid
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND (l.classid, l.objid) = (1212, 1)
            AND a.datname = current_database()
    ) OR EXISTS (
        SELECT FROM public.points_monthclose c WHERE c.month >= date_trunc('month', public.points_day(told))::date
    ) THEN
        RAISE EXCEPTION 'the past of the ledger is closed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN told;
END $$;
"""
POST = import_module("minqing.points.migrations.0007_single_transfers").POST
ASKED = POST.replace("moment := clock_timestamp();", "moment := public.points_moment();")


class Migration(migrations.Migration):
    dependencies = [("points", "0009_held_lots")]
    operations = [
        migrations.CreateModel(
            name="Past",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("opened_at", models.DateTimeField(db_default=Now())),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="points_one_past")],
            },
        ),
        migrations.RunSQL(MOMENT, "DROP FUNCTION points_moment()"),
        migrations.RunSQL(ASKED, POST),
    ]
