"""Points held for something to be redeemed, with exactly one end; and transfers that are taken back, once."""

from django.db import migrations

# who calls this holds the balance's lock, or takes it now
LAPSE = """
CREATE FUNCTION points_lapse(the_account bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    one record;
    moment timestamptz;
    told uuid;
    lapsed bigint := 0;
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.points_openhold o WHERE o.account_id = the_account AND o.expires_at <= clock_timestamp()
    ) THEN
        RETURN 0;
    END IF;
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
    RETURN lapsed;
END $$;
"""
HELD = """
CREATE FUNCTION points_hold_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.points_account d, public.points_account c
        WHERE d.id = NEW.debit_id AND c.id = NEW.credit_id AND public.points_may('redeem', d.kind, c.kind)
    ) THEN
        RAISE EXCEPTION 'points are held for what is redeemed, and for nothing else' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.points_openhold (hold_id, account_id, amount, expires_at)
    VALUES (NEW.id, NEW.debit_id, NEW.amount, NEW.expires_at);
    UPDATE public.points_balance SET held = held + NEW.amount WHERE account_id = NEW.debit_id;
    RETURN NULL;
END $$;
CREATE TRIGGER made AFTER INSERT ON points_hold FOR EACH ROW EXECUTE FUNCTION points_hold_made();
"""
ENDED = """
CREATE FUNCTION points_hold_ended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    freed public.points_openhold;
BEGIN
    DELETE FROM public.points_openhold WHERE hold_id = NEW.hold_id RETURNING * INTO freed;
    IF freed.hold_id IS NULL THEN
        RAISE EXCEPTION 'hold % is not open', NEW.hold_id USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.points_balance SET held = held - freed.amount WHERE account_id = freed.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER made AFTER INSERT ON points_holdend FOR EACH ROW EXECUTE FUNCTION points_hold_ended();
"""
HOLD_LINE = """
CREATE FUNCTION points_hold_line(h points_hold) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT left(encode(sha256(convert_to(concat_ws('|', h.id, h.request, h.debit_id, h.credit_id, h.amount, h.about,
        extract(epoch FROM h.held_at), extract(epoch FROM h.expires_at)), 'UTF8')), 'hex'), 32)
$$;
"""
# keeps the request and tells it; false where somebody was quicker with the key
KEEP = """
CREATE FUNCTION points_keep(
    the_id uuid, the_caller text, the_key text, told bytea, the_outcome text, its_rows bigint[], moment timestamptz,
    the_type text, the_actor text, the_purpose text, details jsonb
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.points_request (id, caller, key, digest, outcome, failed, rows, at)
    VALUES (the_id, the_caller, the_key, told, the_outcome, NULL, its_rows, moment)
    ON CONFLICT (caller, key) DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO public.journal_event (id, type, source, subject, at, actor, purpose, data)
    VALUES (the_id, the_type, '/minqing', 'points:' || the_id, moment, the_actor, the_purpose,
        jsonb_build_object('outcome', the_outcome) || details);
    RETURN true;
END $$;
"""
RESERVE = """
CREATE FUNCTION points_reserve(
    the_id uuid, the_caller text, the_key text, the_actor text, the_purpose text,
    debit bigint, credit bigint, amount bigint, about text, seconds integer,
    OUT outcome text, OUT failed integer, OUT ids bigint[], OUT again boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told bytea := sha256(convert_to(concat_ws('/', 'reserve', debit, credit, amount, seconds, about), 'UTF8'));
    moment timestamptz;
    made public.points_hold;
    free bigint;
BEGIN
    SELECT a.outcome, a.failed, a.ids INTO outcome, failed, ids
    FROM public.points_answered(the_caller, the_key, told) AS a;
    again := outcome IS NOT NULL;
    IF again THEN
        RETURN;
    END IF;
    PERFORM FROM public.points_balance WHERE account_id = debit FOR UPDATE;
    PERFORM public.points_lapse(debit);
    moment := clock_timestamp();
    SELECT b.posted - b.held INTO free FROM public.points_balance b WHERE b.account_id = debit;
    IF EXISTS (SELECT FROM public.points_account a WHERE a.id = ANY (ARRAY[debit, credit]) AND a.closed_at IS NOT NULL)
    THEN
        outcome := 'closed';
    ELSE
        outcome := CASE WHEN free >= amount THEN 'held' ELSE 'insufficient' END;
    END IF;
    ids := '{}';
    IF outcome = 'held' THEN
        made.id := nextval('public.points_hold_id_seq');
        made.request := the_id;
        made.debit_id := debit;
        made.credit_id := credit;
        made.amount := amount;
        made.about := about;
        made.held_at := moment;
        made.expires_at := moment + make_interval(secs => seconds);
        ids := ARRAY[made.id];
    END IF;
    IF NOT public.points_keep(the_id, the_caller, the_key, told, outcome, ids, moment,
        CASE outcome WHEN 'held' THEN 'points.hold.made' ELSE 'points.hold.refused' END, the_actor, the_purpose,
        CASE outcome WHEN 'held' THEN jsonb_build_object('rows', jsonb_build_array(public.points_hold_line(made)))
            ELSE '{}' END)
    THEN
        again := true;
        SELECT a.outcome, a.failed, a.ids INTO outcome, failed, ids
        FROM public.points_answered(the_caller, the_key, told) AS a;
        RETURN;
    END IF;
    IF outcome = 'held' THEN
        INSERT INTO public.points_hold SELECT made.*;
    END IF;
END $$;
"""
END = """
CREATE FUNCTION points_end(
    the_id uuid, the_caller text, the_key text, the_actor text, the_purpose text, the_hold bigint, wanted text,
    OUT outcome text, OUT failed integer, OUT ids bigint[], OUT again boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told bytea := sha256(convert_to(concat_ws('/', 'end', the_hold, wanted), 'UTF8'));
    moment timestamptz;
    held public.points_hold;
    made public.points_transfer;
BEGIN
    SELECT a.outcome, a.failed, a.ids INTO outcome, failed, ids
    FROM public.points_answered(the_caller, the_key, told) AS a;
    again := outcome IS NOT NULL;
    IF again THEN
        RETURN;
    END IF;
    SELECT * INTO held FROM public.points_hold h WHERE h.id = the_hold;
    IF held.id IS NULL OR wanted NOT IN ('posted', 'voided') THEN
        RAISE EXCEPTION 'there is no hold %', the_hold USING ERRCODE = 'foreign_key_violation';
    END IF;
    LOCK TABLE public.points_transfer IN ROW EXCLUSIVE MODE;
    PERFORM FROM public.points_balance WHERE account_id = held.debit_id FOR UPDATE;
    PERFORM public.points_lapse(held.debit_id);
    moment := clock_timestamp();
    SELECT CASE e.how WHEN 'expired' THEN 'expired' ELSE 'already_' || e.how END,
        CASE WHEN e.transfer IS NULL THEN '{}' ELSE ARRAY[e.transfer] END
    INTO outcome, ids FROM public.points_holdend e WHERE e.hold_id = the_hold;
    IF outcome IS NULL THEN
        outcome := wanted;
        ids := '{}';
        IF wanted = 'posted' THEN
            made.id := nextval('public.points_transfer_id_seq');
            made.request := the_id;
            made.debit_id := held.debit_id;
            made.credit_id := held.credit_id;
            made.amount := held.amount;
            made.code := 'redeem';
            made.about := held.about;
            made.posted_at := moment;
            ids := ARRAY[made.id];
        END IF;
    END IF;
    IF NOT public.points_keep(the_id, the_caller, the_key, told, outcome, ids, moment,
        CASE WHEN outcome = wanted THEN 'points.hold.' || wanted ELSE 'points.hold.refused' END, the_actor, the_purpose,
        jsonb_build_object('hold', the_hold) || CASE WHEN outcome = 'posted'
            THEN jsonb_build_object('rows', jsonb_build_array(public.points_line(made))) ELSE '{}' END)
    THEN
        again := true;
        SELECT a.outcome, a.failed, a.ids INTO outcome, failed, ids
        FROM public.points_answered(the_caller, the_key, told) AS a;
        RETURN;
    END IF;
    IF outcome = wanted THEN
        INSERT INTO public.points_holdend (hold_id, request, how, transfer, at)
        VALUES (the_hold, the_id, wanted, made.id, moment);
    END IF;
    IF outcome = 'posted' THEN
        INSERT INTO public.points_transfer SELECT made.*;
    END IF;
END $$;
"""
# What is left of it goes back whence it came; what was spent already is written off: nobody falls below nothing.
REVERSE = """
CREATE FUNCTION points_reverse(
    the_id uuid, the_caller text, the_key text, the_actor text, the_purpose text,
    the_transfer bigint, loss bigint, about text,
    OUT outcome text, OUT failed integer, OUT ids bigint[], OUT again boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told bytea := sha256(convert_to(concat_ws('/', 'reverse', the_transfer, about), 'UTF8'));
    moment timestamptz;
    former public.points_transfer;
    one record;
    free bigint;
    digests jsonb;
BEGIN
    SELECT a.outcome, a.failed, a.ids INTO outcome, failed, ids
    FROM public.points_answered(the_caller, the_key, told) AS a;
    again := outcome IS NOT NULL;
    IF again THEN
        RETURN;
    END IF;
    SELECT * INTO former FROM public.points_transfer t WHERE t.id = the_transfer;
    IF former.id IS NULL OR former.code NOT IN ('fund', 'award', 'opening', 'redeem', 'move') THEN
        RAISE EXCEPTION 'transfer % is not one that is taken back', the_transfer USING ERRCODE = 'check_violation';
    END IF;
    LOCK TABLE public.points_transfer IN ROW EXCLUSIVE MODE;
    FOR one IN
        SELECT b.account_id, b.appended FROM public.points_balance b
        WHERE b.account_id = ANY (ARRAY[former.debit_id, former.credit_id])
        AND (NOT b.appended OR b.floored AND b.account_id = former.credit_id)
        ORDER BY b.account_id FOR UPDATE
    LOOP
        IF one.appended THEN
            PERFORM public.points_fold(one.account_id);
        ELSIF one.account_id = former.credit_id THEN
            PERFORM public.points_lapse(one.account_id);
        END IF;
    END LOOP;
    moment := clock_timestamp();
    SELECT least(CASE WHEN b.floored THEN b.posted - b.held ELSE former.amount END, former.amount) INTO free
    FROM public.points_balance b WHERE b.account_id = former.credit_id;
    ids := '{}';
    IF EXISTS (SELECT FROM public.points_reversal r WHERE r.transfer_id = the_transfer) THEN
        outcome := 'already_reversed';
    ELSE
        outcome := 'reversed';
        ids := ARRAY(SELECT nextval('public.points_transfer_id_seq')
            FROM generate_series(1, (free > 0)::int + (free < former.amount)::int));
    END IF;
    INSERT INTO public.points_request (id, caller, key, digest, outcome, failed, rows, at)
    VALUES (the_id, the_caller, the_key, told, outcome, NULL, ids, moment)
    ON CONFLICT (caller, key) DO NOTHING;
    IF NOT FOUND THEN
        again := true;
        SELECT a.outcome, a.failed, a.ids INTO outcome, failed, ids
        FROM public.points_answered(the_caller, the_key, told) AS a;
        RETURN;
    END IF;
    IF outcome = 'reversed' THEN
        INSERT INTO public.points_reversal (transfer_id, request) VALUES (the_transfer, the_id);
        INSERT INTO public.points_transfer (id, request, debit_id, credit_id, amount, code, about, reverses, posted_at)
        SELECT given.id, the_id, given.debit, former.debit_id, given.amount, given.code, about, the_transfer, moment
        FROM (
            SELECT ids[1] AS id, former.credit_id AS debit, free AS amount, 'correct' AS code WHERE free > 0
            UNION ALL
            SELECT ids[cardinality(ids)], loss, former.amount - free, 'write_off' WHERE free < former.amount
        ) AS given;
        SELECT jsonb_agg(public.points_line(t) ORDER BY t.id) INTO digests
        FROM public.points_transfer t WHERE t.id = ANY (ids);
    END IF;
    INSERT INTO public.journal_event (id, type, source, subject, at, actor, purpose, data)
    VALUES (the_id, CASE outcome WHEN 'reversed' THEN 'points.transfer.reversed' ELSE 'points.transfers.refused' END,
        '/minqing', 'points:' || the_id, moment, the_actor, the_purpose,
        jsonb_strip_nulls(jsonb_build_object('outcome', outcome, 'transfer', the_transfer, 'rows', digests)));
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0002_ledger")]
    operations = [
        migrations.RunSQL(LAPSE, "DROP FUNCTION points_lapse"),
        migrations.RunSQL(HELD, "DROP TRIGGER made ON points_hold; DROP FUNCTION points_hold_made()"),
        migrations.RunSQL(ENDED, "DROP TRIGGER made ON points_holdend; DROP FUNCTION points_hold_ended()"),
        migrations.RunSQL(HOLD_LINE, "DROP FUNCTION points_hold_line"),
        migrations.RunSQL(KEEP, "DROP FUNCTION points_keep"),
        migrations.RunSQL(RESERVE, "DROP FUNCTION points_reserve"),
        migrations.RunSQL(END, "DROP FUNCTION points_end"),
        migrations.RunSQL(REVERSE, "DROP FUNCTION points_reverse"),
    ]
