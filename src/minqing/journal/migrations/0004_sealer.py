"""A seal is added by two functions that look at what they are given; the app's role itself may add none."""

from django.db import migrations

LEAVES = """
CREATE FUNCTION journal_seal_leaves(the_seal bigint, begun bigint, events uuid[], leaves bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    added bigint;
BEGIN
    IF the_seal <> (SELECT coalesce(max(number), 0) + 1 FROM public.journal_seal) THEN
        RAISE EXCEPTION 'seal % is not the next one', the_seal USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.journal_sealedevent (event, seal_id, position, leaf, seq, type)
    SELECT e.id, the_seal, begun + given.place - 1, given.leaf, e.seq, e.type
    FROM unnest(events, leaves) WITH ORDINALITY AS given(event, leaf, place)
    JOIN public.journal_event e ON e.id = given.event;
    GET DIAGNOSTICS added = ROW_COUNT;
    IF added <> cardinality(events) THEN
        RAISE EXCEPTION 'a leaf of seal % belongs to no event', the_seal USING ERRCODE = 'check_violation';
    END IF;
END $$;
"""
# a horizon that lies ahead would leave all that happens until then without a seal
CLOSE = """
CREATE FUNCTION journal_seal_close(
    the_seal bigint, its_size bigint, its_root text, its_previous text, its_horizon bigint, its_time timestamptz,
    its_digest text, its_signature text, its_key text
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    former public.journal_seal;
BEGIN
    SELECT * INTO former FROM public.journal_seal ORDER BY number DESC LIMIT 1;
    IF the_seal <> coalesce(former.number, 0) + 1 OR its_previous <> coalesce(former.digest, '') THEN
        RAISE EXCEPTION 'seal % does not follow the last one', the_seal USING ERRCODE = 'check_violation';
    END IF;
    IF its_horizon > pg_snapshot_xmin(pg_current_snapshot())::text::bigint THEN
        RAISE EXCEPTION 'the horizon of seal % lies ahead', the_seal USING ERRCODE = 'check_violation';
    END IF;
    IF its_size <> (SELECT count(*) FROM public.journal_sealedevent WHERE seal_id = the_seal) OR its_size = 0 THEN
        RAISE EXCEPTION 'seal % has another number of leaves', the_seal USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.journal_seal (number, size, root, previous, horizon, sealed_at, digest, signature, public_key)
    VALUES (the_seal, its_size, its_root, its_previous, its_horizon, its_time, its_digest, its_signature, its_key);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_send")]
    operations = [
        migrations.RunSQL(LEAVES, "DROP FUNCTION journal_seal_leaves"),
        migrations.RunSQL(CLOSE, "DROP FUNCTION journal_seal_close"),
    ]
