"""The journal only grows: a trigger sets what the database alone knows and refuses every change."""

from django.db import migrations

INSERTED = """
CREATE SEQUENCE journal_event_number AS bigint;
CREATE FUNCTION journal_event_inserted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.seq := nextval('public.journal_event_number');
    NEW.tx := pg_current_xact_id()::text::bigint;
    NEW.recorded_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER inserted BEFORE INSERT ON journal_event
    FOR EACH ROW EXECUTE FUNCTION journal_event_inserted();
"""
REFUSED = """
CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
GROWING = ("journal_event", "journal_seal", "journal_sealedevent")


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [
        migrations.RunSQL(
            INSERTED,
            "DROP TRIGGER inserted ON journal_event; DROP FUNCTION journal_event_inserted();"
            "DROP SEQUENCE journal_event_number",
        ),
        migrations.RunSQL(REFUSED, "DROP FUNCTION journal_refuse()"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER refused BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()",
                f"DROP TRIGGER refused ON {table}",
            )
            for table in GROWING
        ),
    ]
