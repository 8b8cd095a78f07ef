"""Triggers that note which days a change touches.

They write with the owner's rights: the app's role gets its own on the table only after the last migration, and until
then, however long one that was refused is put off, everybody goes on writing matters. The walls stand before the
owner too, so nobody reaches a row by this that he does not see.

Each statement is a transaction of its own and holds one table at a time: whoever writes a matter and then its step can
never stand in the way of it and wait for it at once. Run again it makes the same.
"""

from django.db import migrations

# which days a changed row touches: those of its receipt and of its answer, before and after
OF_MATTERS = """
    INSERT INTO public.matters_staleday (day)
    SELECT DISTINCT (at AT TIME ZONE 'Asia/Shanghai')::date FROM {rows} AS r
    CROSS JOIN LATERAL (VALUES (r.received_at), (r.finished_at)) AS v(at) WHERE at IS NOT NULL
"""
OF_OTHERS = """
    INSERT INTO public.matters_staleday (day)
    SELECT DISTINCT (m.received_at AT TIME ZONE 'Asia/Shanghai')::date FROM {rows} AS r
    JOIN public.matters_matter m ON m.id = r.matter_id
"""
# where an area lies is all that the counts say of it: a name or a point that is corrected leaves them right
OF_ALL = """
    INSERT INTO public.matters_staleday (day)
    SELECT NULL WHERE EXISTS (SELECT FROM old_rows o JOIN new_rows n USING (id) WHERE o.path IS DISTINCT FROM n.path)
"""
TABLES = (
    ("matters_matter", OF_MATTERS),
    ("matters_confirmation", OF_OTHERS),
    ("matters_step", OF_OTHERS),
    ("matters_callback", OF_OTHERS),
)
# by statement and not by row: a loader writes thousands at once
ROWS = {
    "insert": "new_rows",
    "update": "(SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows)",
    "delete": "old_rows",
}
KNOWN = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}


def trigger(table: str, event: str, body: str) -> migrations.RunSQL:
    name = f"{table}_days_{event}"
    return migrations.RunSQL(
        [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
            f"SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN "
            f"{body.format(rows=ROWS[event])}; RETURN NULL; END $$",
            f"REVOKE EXECUTE ON FUNCTION {name}() FROM PUBLIC",
            f"CREATE OR REPLACE TRIGGER days_{event} AFTER {event.upper()} ON {table} REFERENCING {KNOWN[event]} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        ],
        [f"DROP TRIGGER days_{event} ON {table}", f"DROP FUNCTION {name}()"],
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("matters", "0025_backfill_assign"), ("org", "0005_rights_from_posts_alone")]
    operations = [
        *[trigger(table, event, body) for table, body in TABLES for event in ROWS],
        trigger("org_area", "update", OF_ALL),
    ]
