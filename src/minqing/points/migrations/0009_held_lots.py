"""What is held keeps the oldest lots, whatever else is there: only what is over and beyond all holds runs out."""

from django.db import migrations

# as in 0005, where newer points beside those that were held paid for what had run out
LAPSE = """
CREATE OR REPLACE FUNCTION points_lapse(the_account bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    one record;
    moment timestamptz;
    told uuid;
    lapsed bigint := 0;
    old bigint;
    made public.points_transfer;
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.points_openhold o WHERE o.account_id = the_account AND o.expires_at <= clock_timestamp()
    ) AND NOT EXISTS (
        SELECT FROM public.points_lot l WHERE l.account_id = the_account AND l.remaining > 0
        AND l.expires_on < public.points_day(clock_timestamp())
    ) THEN
        RETURN 0;
    END IF;
    LOCK TABLE public.points_transfer IN ROW EXCLUSIVE MODE;
    PERFORM FROM public.points_balance WHERE account_id = the_account FOR UPDATE;
    moment := clock_timestamp();
    FOR one IN
        SELECT o.hold_id FROM public.points_openhold o WHERE o.account_id = the_account AND o.expires_at <= moment
        ORDER BY o.hold_id
    LOOP
        told := gen_random_uuid();
        INSERT INTO public.points_holdend (hold_id, request, how, transfer, at)
        VALUES (one.hold_id, told, 'expired', NULL, moment);
        INSERT INTO public.journal_event (id, type, source, subject, at, actor, purpose, data)
        VALUES (told, 'points.hold.expired', '/minqing', 'points_hold:' || one.hold_id, moment, 'system:points', '',
            jsonb_build_object('hold', one.hold_id));
        lapsed := lapsed + 1;
    END LOOP;
    -- what is held is still good, and a hold is of the oldest: it was asked for in time
    SELECT coalesce(sum(l.remaining), 0) - (
        SELECT b.held FROM public.points_balance b WHERE b.account_id = the_account
    ) INTO old FROM public.points_lot l
    WHERE l.account_id = the_account AND l.expires_on < public.points_day(moment);
    IF old > 0 THEN
        SELECT a.id INTO made.credit_id FROM public.points_account a WHERE a.kind = 'expiry';
        IF made.credit_id IS NULL THEN
            INSERT INTO public.points_account (kind) VALUES ('expiry') ON CONFLICT DO NOTHING;
            SELECT a.id INTO made.credit_id FROM public.points_account a WHERE a.kind = 'expiry';
        END IF;
        made.id := nextval('public.points_transfer_id_seq');
        made.request := gen_random_uuid();
        made.debit_id := the_account;
        made.amount := old;
        made.code := 'expire';
        made.about := '';
        made.posted_at := moment;
        PERFORM public.points_keep(made.request, 'points', 'expire/' || made.id, sha256(convert_to('expire', 'UTF8')),
            'posted', ARRAY[made.id], moment, 'points.transfers.posted', 'system:points', '',
            jsonb_build_object('rows', jsonb_build_array(public.points_line(made))));
        INSERT INTO public.points_transfer SELECT made.*;
        lapsed := lapsed + 1;
    END IF;
    RETURN lapsed;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0008_village_sheet")]
    operations = [migrations.RunSQL(LAPSE, migrations.RunSQL.noop)]
