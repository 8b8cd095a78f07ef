"""A hold is held anew, all of it or less, and its points keep their lots: none is free in between, and none runs out."""

from importlib import import_module

from django.db import migrations, models

_former = import_module("minqing.points.migrations.0012_once_more")
# as in 0012, beside those that stay held: these are of the oldest
FREED = """
CREATE FUNCTION points_grace(the_account bigint, kept bigint, freed bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    one record;
    part bigint;
    skipped bigint := kept;
    rest bigint := freed;
BEGIN
    FOR one IN
        SELECT l.id, l.expires_on, l.remaining, to_char(l.expires_on, 'MMDD') <> '1231' AND EXISTS (
            SELECT FROM public.points_lotentry e WHERE e.account_id = l.account_id AND e.expires_on = l.expires_on
            AND e.transfer IS NULL AND e.amount > 0
        ) AS had
        FROM public.points_lot l
        WHERE l.account_id = the_account AND l.remaining > 0
        AND l.expires_on < public.points_day(clock_timestamp())
        ORDER BY l.expires_on
    LOOP
        EXIT WHEN rest = 0;
        part := least(skipped, one.remaining);
        skipped := skipped - part;
        part := least(rest, one.remaining - part);
        rest := rest - part;
        CONTINUE WHEN one.had OR part = 0;
        UPDATE public.points_lot SET remaining = remaining - part WHERE id = one.id;
        INSERT INTO public.points_lotentry (transfer, account_id, expires_on, amount)
        VALUES (NULL, the_account, one.expires_on, -part);
        PERFORM public.points_lot_add(NULL, the_account, one.expires_on, part);
    END LOOP;
END $$;
"""
GRACE = """
CREATE OR REPLACE FUNCTION points_hold_grace() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.how IN ('voided', 'expired') THEN
        PERFORM public.points_grace(h.debit_id, 0, h.amount) FROM public.points_hold h WHERE h.id = NEW.hold_id;
    END IF;
    RETURN NULL;
END $$;
"""
RENEW = """
CREATE FUNCTION points_renew(
    the_id uuid, the_caller text, the_key text, the_actor text, the_purpose text,
    the_hold bigint, amount bigint, seconds integer,
    OUT outcome text, OUT failed integer, OUT ids bigint[], OUT again boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told bytea := sha256(convert_to(concat_ws('/', 'renew', the_hold, amount, seconds), 'UTF8'));
    moment timestamptz;
    held public.points_hold;
    made public.points_hold;
BEGIN
    SELECT a.outcome, a.failed, a.ids INTO outcome, failed, ids
    FROM public.points_answered(the_caller, the_key, told) AS a;
    again := outcome IS NOT NULL;
    IF again THEN
        RETURN;
    END IF;
    SELECT * INTO held FROM public.points_hold h WHERE h.id = the_hold;
    IF held.id IS NULL OR amount > held.amount THEN
        RAISE EXCEPTION 'there is no hold % of so much', the_hold USING ERRCODE = 'foreign_key_violation';
    END IF;
    LOCK TABLE public.points_transfer IN ROW EXCLUSIVE MODE;
    PERFORM FROM public.points_balance WHERE account_id = held.debit_id FOR UPDATE;
    PERFORM public.points_lapse(held.debit_id);
    moment := clock_timestamp();
    ids := '{}';
    SELECT CASE e.how WHEN 'expired' THEN 'expired' ELSE 'already_' || e.how END
    INTO outcome FROM public.points_holdend e WHERE e.hold_id = the_hold;
    IF outcome IS NULL THEN
        outcome := 'renewed';
        made := held;
        made.id := nextval('public.points_hold_id_seq');
        made.request := the_id;
        made.amount := amount;
        made.held_at := moment;
        made.expires_at := moment + make_interval(secs => seconds);
        ids := ARRAY[made.id];
    END IF;
    IF NOT public.points_keep(the_id, the_caller, the_key, told, outcome, ids, moment,
        CASE outcome WHEN 'renewed' THEN 'points.hold.renewed' ELSE 'points.hold.refused' END, the_actor, the_purpose,
        jsonb_build_object('hold', the_hold) || CASE WHEN outcome = 'renewed'
            THEN jsonb_build_object('rows', jsonb_build_array(public.points_hold_line(made))) ELSE '{}' END)
    THEN
        again := true;
        SELECT a.outcome, a.failed, a.ids INTO outcome, failed, ids
        FROM public.points_answered(the_caller, the_key, told) AS a;
        RETURN;
    END IF;
    IF outcome = 'renewed' THEN
        INSERT INTO public.points_holdend (hold_id, request, how, transfer, at)
        VALUES (the_hold, the_id, 'renewed', NULL, moment);
        INSERT INTO public.points_hold SELECT made.*;
        PERFORM public.points_grace(held.debit_id, b.held, held.amount - amount)
        FROM public.points_balance b WHERE b.account_id = held.debit_id AND held.amount > amount;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0013_lots_by_day")]
    operations = [
        migrations.RemoveConstraint(model_name="holdend", name="points_hold_end"),
        migrations.AddConstraint(
            model_name="holdend",
            constraint=models.CheckConstraint(
                name="points_hold_end",
                condition=models.Q(("how", "posted"), ("transfer__isnull", False))
                | models.Q(("how__in", ["voided", "expired", "renewed"]), ("transfer", None)),
            ),
        ),
        migrations.RunSQL(FREED, "DROP FUNCTION points_grace"),
        migrations.RunSQL(GRACE, _former.GRACE),
        migrations.RunSQL(RENEW, "DROP FUNCTION points_renew"),
    ]
