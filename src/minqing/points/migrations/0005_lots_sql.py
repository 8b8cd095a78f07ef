"""Points run out: those of a year at the end of the next. Lots follow transfers by a trigger, the oldest is spent first."""

from django.db import migrations

# a day of the county's calendar, itself included: the points of a year are good until the last day of the next
DAYS = """
CREATE FUNCTION points_day(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT (moment AT TIME ZONE 'Asia/Shanghai')::date
$$;
CREATE FUNCTION points_good_until(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT make_date(extract(year FROM public.points_day(moment))::int + 1, 12, 31)
$$;
"""
# what comes back after its day gets thirty more
ADD = """
CREATE FUNCTION points_lot_add(the_transfer bigint, the_account bigint, day date, amount bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    good date := day;
BEGIN
    IF day < public.points_day(clock_timestamp()) THEN
        good := public.points_day(clock_timestamp()) + 30;
    END IF;
    INSERT INTO public.points_lot AS l (account_id, expires_on, remaining) VALUES (the_account, good, amount)
    ON CONFLICT (account_id, expires_on) DO UPDATE SET remaining = l.remaining + EXCLUDED.remaining;
    INSERT INTO public.points_lotentry (transfer, account_id, expires_on, amount)
    VALUES (the_transfer, the_account, good, amount);
END $$;
"""
TAKE = """
CREATE FUNCTION points_lot_take(the_transfer bigint, the_account bigint, amount bigint, receiver bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    one record;
    part bigint;
    rest bigint := amount;
BEGIN
    FOR one IN
        SELECT l.id, l.expires_on, l.remaining FROM public.points_lot l
        WHERE l.account_id = the_account AND l.remaining > 0 ORDER BY l.expires_on
    LOOP
        part := least(rest, one.remaining);
        UPDATE public.points_lot SET remaining = remaining - part WHERE id = one.id;
        INSERT INTO public.points_lotentry (transfer, account_id, expires_on, amount)
        VALUES (the_transfer, the_account, one.expires_on, -part);
        IF receiver IS NOT NULL THEN
            PERFORM public.points_lot_add(the_transfer, receiver, one.expires_on, part);
        END IF;
        rest := rest - part;
        EXIT WHEN rest = 0;
    END LOOP;
    IF rest > 0 THEN
        RAISE EXCEPTION 'account % has no lots for %', the_account, rest USING ERRCODE = 'check_violation';
    END IF;
END $$;
"""
# what is paid back goes to the lots from which it came, those that are good longest first; two rows share one such way
BACK = """
CREATE FUNCTION points_lot_back(t points_transfer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    one record;
    part bigint;
    rest bigint := t.amount;
    done bigint;
BEGIN
    SELECT coalesce(sum(o.amount), 0) INTO done FROM public.points_transfer o
    WHERE o.request = t.request AND o.reverses = t.reverses AND o.credit_id = t.credit_id AND o.id < t.id
    AND o.debit_id IN (t.debit_id, (SELECT f.credit_id FROM public.points_transfer f WHERE f.id = t.reverses));
    FOR one IN
        SELECT e.expires_on, -e.amount AS amount FROM public.points_lotentry e
        WHERE e.transfer = t.reverses AND e.account_id = t.credit_id AND e.amount < 0 ORDER BY e.expires_on DESC
    LOOP
        part := least(rest, one.amount - least(one.amount, done));
        done := done - least(one.amount, done);
        IF part > 0 THEN
            PERFORM public.points_lot_add(t.id, t.credit_id, one.expires_on, part);
        END IF;
        rest := rest - part;
    END LOOP;
    IF rest > 0 THEN
        RAISE EXCEPTION 'transfer % gives back more than was taken', t.id USING ERRCODE = 'check_violation';
    END IF;
END $$;
"""
MOVED = """
CREATE FUNCTION points_lots_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    takes boolean;
    gives boolean;
BEGIN
    SELECT d.kind IN ('resident', 'household'), c.kind IN ('resident', 'household') INTO takes, gives
    FROM public.points_account d, public.points_account c WHERE d.id = NEW.debit_id AND c.id = NEW.credit_id;
    IF takes THEN
        PERFORM public.points_lot_take(NEW.id, NEW.debit_id, NEW.amount, CASE WHEN gives THEN NEW.credit_id END);
    ELSIF gives AND NEW.reverses IS NOT NULL THEN
        PERFORM public.points_lot_back(NEW);
    ELSIF gives THEN
        PERFORM public.points_lot_add(NEW.id, NEW.credit_id, public.points_good_until(NEW.posted_at), NEW.amount);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lots AFTER INSERT ON points_transfer FOR EACH ROW EXECUTE FUNCTION points_lots_moved();
"""
# of a hold that ended without being redeemed after its points' day: they get thirty more
GRACE = """
CREATE FUNCTION points_hold_grace() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    held public.points_hold;
    old bigint;
BEGIN
    IF NEW.how = 'posted' THEN
        RETURN NULL;
    END IF;
    SELECT * INTO held FROM public.points_hold h WHERE h.id = NEW.hold_id;
    SELECT least(coalesce(sum(l.remaining), 0), held.amount) INTO old FROM public.points_lot l
    WHERE l.account_id = held.debit_id AND l.expires_on < public.points_day(clock_timestamp());
    IF old > 0 THEN
        PERFORM public.points_lot_take(NULL, held.debit_id, old, held.debit_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grace AFTER INSERT ON points_holdend FOR EACH ROW EXECUTE FUNCTION points_hold_grace();
"""
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
    -- what is held is still good: it was asked for in time
    SELECT least(b.posted - b.held, (
        SELECT coalesce(sum(l.remaining), 0) FROM public.points_lot l
        WHERE l.account_id = the_account AND l.expires_on < public.points_day(moment)
    )) INTO old FROM public.points_balance b WHERE b.account_id = the_account;
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
# as in 0002, with points that ran out; tests/points/test_rules.py compares it with rules.ROUTES
MAY = """
CREATE OR REPLACE FUNCTION points_may(code text, debit text, credit text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE code
        WHEN 'fund' THEN debit IN ('issuance', 'unit') AND credit IN ('unit', 'budget')
        WHEN 'award' THEN debit IN ('issuance', 'unit', 'budget') AND credit IN ('resident', 'household')
        WHEN 'opening' THEN debit = 'issuance' AND credit IN ('resident', 'household')
        WHEN 'redeem' THEN debit IN ('resident', 'household') AND credit IN ('shop', 'provider')
        WHEN 'settle' THEN debit IN ('shop', 'provider') AND credit = 'issuance'
        WHEN 'move' THEN debit IN ('resident', 'household') AND credit IN ('resident', 'household')
        WHEN 'carry' THEN debit = 'loss' AND credit IN ('shop', 'provider')
        WHEN 'give_up' THEN debit IN ('resident', 'household', 'unit', 'budget') AND credit = 'breakage'
        WHEN 'expire' THEN debit IN ('resident', 'household') AND credit = 'expiry'
        WHEN 'correct' THEN debit IN ('resident', 'household', 'unit', 'budget', 'shop', 'provider', 'issuance')
            AND credit IN ('resident', 'household', 'unit', 'budget', 'issuance')
        WHEN 'write_off' THEN debit = 'loss' AND credit IN ('resident', 'household', 'unit', 'budget', 'issuance')
        ELSE false END
$$;
"""
# what somebody had before there were lots is good as if it had come now
BEGUN = """
WITH begun AS (
    INSERT INTO points_lot (account_id, expires_on, remaining)
    SELECT b.account_id, points_good_until(clock_timestamp()), b.posted
    FROM points_balance b JOIN points_account a ON a.id = b.account_id
    WHERE a.kind IN ('resident', 'household') AND b.posted > 0
    RETURNING account_id, expires_on, remaining
)
INSERT INTO points_lotentry (transfer, account_id, expires_on, amount)
SELECT NULL, account_id, expires_on, remaining FROM begun
"""
REFUSED = (
    "CREATE TRIGGER refused BEFORE UPDATE OR DELETE OR TRUNCATE ON points_lotentry "
    "FOR EACH STATEMENT EXECUTE FUNCTION points_refuse()"
)


class Migration(migrations.Migration):
    dependencies = [("points", "0004_lots")]
    operations = [
        migrations.RunSQL(DAYS, "DROP FUNCTION points_good_until; DROP FUNCTION points_day"),
        migrations.RunSQL(BEGUN, migrations.RunSQL.noop),
        migrations.RunSQL(REFUSED, "DROP TRIGGER refused ON points_lotentry"),
        migrations.RunSQL(MAY, migrations.RunSQL.noop),
        migrations.RunSQL(ADD, "DROP FUNCTION points_lot_add"),
        migrations.RunSQL(TAKE, "DROP FUNCTION points_lot_take"),
        migrations.RunSQL(BACK, "DROP FUNCTION points_lot_back"),
        migrations.RunSQL(MOVED, "DROP TRIGGER lots ON points_transfer; DROP FUNCTION points_lots_moved()"),
        migrations.RunSQL(GRACE, "DROP TRIGGER grace ON points_holdend; DROP FUNCTION points_hold_grace()"),
        migrations.RunSQL(LAPSE, migrations.RunSQL.noop),
    ]
