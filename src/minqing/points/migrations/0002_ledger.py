"""The ledger's own functions: the one way in which rows are added, and the triggers by which balances follow them."""

from django.db import migrations

from minqing.privacy.rls import AMONG_AREAS, wall

REFUSED = """
CREATE FUNCTION points_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger only grows: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
# who closes an account waits for those that are just using it, and those who come later find it closed
KEPT_AS_OPENED = """
CREATE FUNCTION points_account_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.opened_at <> OLD.opened_at THEN
        RAISE EXCEPTION 'an account stays what it was opened as' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM FROM public.points_balance WHERE account_id = NEW.id FOR UPDATE;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON points_account FOR EACH ROW EXECUTE FUNCTION points_account_kept();
"""
OPENED = """
CREATE FUNCTION points_account_opened() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.points_balance (account_id, floored, appended, posted, held)
    SELECT id, kind NOT IN ('issuance', 'expiry', 'breakage', 'loss'),
        kind IN ('issuance', 'expiry', 'breakage', 'loss', 'shop', 'provider'), 0, 0
    FROM opened;
    RETURN NULL;
END $$;
CREATE TRIGGER opened AFTER INSERT ON points_account REFERENCING NEW TABLE AS opened
    FOR EACH STATEMENT EXECUTE FUNCTION points_account_opened();
"""
# the same table as rules.ROUTES; tests/points/test_rules.py compares them
MAY = """
CREATE FUNCTION points_may(code text, debit text, credit text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE code
        WHEN 'fund' THEN debit IN ('issuance', 'unit') AND credit IN ('unit', 'budget')
        WHEN 'award' THEN debit IN ('issuance', 'unit', 'budget') AND credit IN ('resident', 'household')
        WHEN 'opening' THEN debit = 'issuance' AND credit IN ('resident', 'household')
        WHEN 'redeem' THEN debit IN ('resident', 'household') AND credit IN ('shop', 'provider')
        WHEN 'settle' THEN debit IN ('shop', 'provider') AND credit = 'issuance'
        WHEN 'move' THEN debit IN ('resident', 'household') AND credit IN ('resident', 'household')
        WHEN 'carry' THEN debit = 'loss' AND credit IN ('shop', 'provider')
        WHEN 'give_up' THEN debit IN ('resident', 'household', 'unit', 'budget') AND credit = 'breakage'
        WHEN 'correct' THEN debit IN ('resident', 'household', 'unit', 'budget', 'shop', 'provider', 'issuance')
            AND credit IN ('resident', 'household', 'unit', 'budget', 'issuance')
        WHEN 'write_off' THEN debit = 'loss' AND credit IN ('resident', 'household', 'unit', 'budget', 'issuance')
        ELSE false END
$$;
"""
# An account gets what is given to it in its own row, or appended if many give to it at once; if it gives in the same
# statement its row is locked anyway. Whoever adds a transfer, the balance follows it, or there is no transfer.
MOVED = """
CREATE FUNCTION points_transfer_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    due bigint;
    appended bigint;
    moved bigint;
BEGIN
    SELECT count(*) INTO due FROM made
    JOIN public.points_account d ON d.id = made.debit_id JOIN public.points_account c ON c.id = made.credit_id
    WHERE public.points_may(made.code, d.kind, c.kind);
    IF due <> (SELECT count(*) FROM made) THEN
        RAISE EXCEPTION 'a transfer names an account that there is not, or one of a kind that it is not for'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM made LEFT JOIN public.points_reversal r ON r.transfer_id = made.reverses AND r.request = made.request
        WHERE made.reverses IS NOT NULL AND r.transfer_id IS NULL
    ) THEN
        RAISE EXCEPTION 'a transfer takes back one that is not taken back' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.points_delta (account_id, amount)
    SELECT leg.account, leg.amount
    FROM (SELECT debit_id AS account, -amount AS amount FROM made UNION ALL SELECT credit_id, amount FROM made) AS leg
    JOIN public.points_balance b ON b.account_id = leg.account
    WHERE b.appended AND NOT (b.floored AND leg.account IN (SELECT debit_id FROM made));
    GET DIAGNOSTICS appended = ROW_COUNT;
    WITH here AS (
        SELECT leg.account, sum(leg.amount) AS amount, count(*) AS legs
        FROM (SELECT debit_id AS account, -amount AS amount FROM made UNION ALL SELECT credit_id, amount FROM made) AS leg
        JOIN public.points_balance b ON b.account_id = leg.account
        WHERE NOT b.appended OR (b.floored AND leg.account IN (SELECT debit_id FROM made))
        GROUP BY leg.account
    ), done AS (
        UPDATE public.points_balance b SET posted = b.posted + here.amount FROM here WHERE b.account_id = here.account
        RETURNING here.legs
    )
    SELECT coalesce(sum(legs), 0) INTO moved FROM done;
    IF appended + moved <> 2 * due THEN
        RAISE EXCEPTION 'a leg of a transfer reached no balance' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER made AFTER INSERT ON points_transfer REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION points_transfer_made();
"""
# Exactly the rows that are seen are taken out and added: what commits later, with whatever number, waits for the next.
FOLD = """
CREATE FUNCTION points_fold(the_account bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    taken bigint;
BEGIN
    PERFORM FROM public.points_balance WHERE account_id = the_account FOR UPDATE;
    WITH gone AS (DELETE FROM public.points_delta WHERE account_id = the_account RETURNING amount),
    summed AS (SELECT sum(amount) AS amount, count(*) AS many FROM gone),
    done AS (
        UPDATE public.points_balance b SET posted = b.posted + summed.amount FROM summed
        WHERE b.account_id = the_account AND summed.many > 0 RETURNING summed.many
    )
    SELECT coalesce(sum(many), 0) INTO taken FROM done;
    RETURN taken;
END $$;
"""
LINE = """
CREATE FUNCTION points_line(t points_transfer) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT left(encode(sha256(convert_to(concat_ws('|', t.id, t.request, t.debit_id, t.credit_id, t.amount, t.code,
        t.about,
        coalesce(t.reverses, 0), extract(epoch FROM t.posted_at)), 'UTF8')), 'hex'), 32)
$$;
"""
# the answer that was given under this key before; nothing if there was none
ANSWERED = """
CREATE FUNCTION points_answered(
    the_caller text, the_key text, told bytea,
    OUT outcome text, OUT failed integer, OUT ids bigint[]
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    SELECT CASE WHEN r.digest = told THEN r.outcome ELSE 'key_used' END, r.failed, r.rows
    INTO outcome, failed, ids
    FROM public.points_request r WHERE r.caller = the_caller AND r.key = the_key;
END $$;
"""
# Locks are taken in one order: balances by the number of their accounts, then the key. Who waits for a key that is
# just being used holds balances that the other does not wait for: it has all of its own.
POST = """
CREATE FUNCTION points_post(
    the_id uuid, the_caller text, the_key text, the_actor text, the_purpose text,
    debits bigint[], credits bigint[], amounts bigint[], codes text[], abouts text[],
    OUT outcome text, OUT failed integer, OUT ids bigint[], OUT again boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told bytea := sha256(convert_to(concat_ws('/', 'post', debits, credits, amounts, codes, abouts), 'UTF8'));
    one record;
    moment timestamptz;
    digests jsonb;
BEGIN
    SELECT a.outcome, a.failed, a.ids INTO outcome, failed, ids
    FROM public.points_answered(the_caller, the_key, told) AS a;
    again := outcome IS NOT NULL;
    IF again THEN
        RETURN;
    END IF;
    -- a month is closed behind those that hold this lock, so the moment is taken under it
    LOCK TABLE public.points_transfer IN ROW EXCLUSIVE MODE;
    FOR one IN
        SELECT b.account_id, b.appended FROM public.points_balance b
        WHERE b.account_id = ANY (debits || credits)
        AND (NOT b.appended OR b.floored AND b.account_id = ANY (debits))
        ORDER BY b.account_id FOR UPDATE
    LOOP
        IF one.appended THEN
            PERFORM public.points_fold(one.account_id);
        ELSIF one.account_id = ANY (debits) THEN
            PERFORM public.points_lapse(one.account_id);
        END IF;
    END LOOP;
    moment := clock_timestamp();
    SELECT min(leg.place) - 1 INTO failed
    FROM (
        SELECT d.account, d.place FROM unnest(debits) WITH ORDINALITY AS d(account, place)
        UNION ALL SELECT c.account, c.place FROM unnest(credits) WITH ORDINALITY AS c(account, place)
    ) AS leg
    JOIN public.points_account a ON a.id = leg.account WHERE a.closed_at IS NOT NULL;
    IF failed IS NOT NULL THEN
        outcome := 'closed';
    ELSE
        SELECT min(after.place) - 1 INTO failed FROM (
            SELECT leg.place, leg.amount,
                b.posted - b.held + sum(leg.amount) OVER (PARTITION BY leg.account ORDER BY leg.place) AS rest
            FROM (
                SELECT d.account, -d.amount AS amount, d.place
                FROM unnest(debits, amounts) WITH ORDINALITY AS d(account, amount, place)
                UNION ALL
                SELECT c.account, c.amount, c.place
                FROM unnest(credits, amounts) WITH ORDINALITY AS c(account, amount, place)
            ) AS leg
            JOIN public.points_balance b ON b.account_id = leg.account
            WHERE b.floored
        ) AS after WHERE after.amount < 0 AND after.rest < 0;
        outcome := CASE WHEN failed IS NULL THEN 'posted' ELSE 'insufficient' END;
    END IF;
    ids := '{}';
    IF outcome = 'posted' THEN
        ids := ARRAY(SELECT nextval('public.points_transfer_id_seq') FROM generate_series(1, cardinality(debits)));
    END IF;
    INSERT INTO public.points_request (id, caller, key, digest, outcome, failed, rows, at)
    VALUES (the_id, the_caller, the_key, told, outcome, failed, ids, moment)
    ON CONFLICT (caller, key) DO NOTHING;
    IF NOT FOUND THEN
        -- somebody was quicker with the same key, and has ended by now
        again := true;
        SELECT a.outcome, a.failed, a.ids INTO outcome, failed, ids
        FROM public.points_answered(the_caller, the_key, told) AS a;
        RETURN;
    END IF;
    IF outcome = 'posted' THEN
        INSERT INTO public.points_transfer (id, request, debit_id, credit_id, amount, code, about, reverses, posted_at)
        SELECT g.id, the_id, g.debit, g.credit, g.amount, g.code, g.about, NULL, moment
        FROM unnest(ids, debits, credits, amounts, codes, abouts) AS g(id, debit, credit, amount, code, about);
        SELECT jsonb_agg(public.points_line(t) ORDER BY t.id) INTO digests
        FROM public.points_transfer t WHERE t.id = ANY (ids);
    END IF;
    INSERT INTO public.journal_event (id, type, source, subject, at, actor, purpose, data)
    VALUES (the_id, CASE outcome WHEN 'posted' THEN 'points.transfers.posted' ELSE 'points.transfers.refused' END,
        '/minqing', 'points:' || the_id, moment, the_actor, the_purpose,
        jsonb_strip_nulls(jsonb_build_object('outcome', outcome, 'failed', failed, 'rows', digests)));
END $$;
"""
GROWING = ("points_request", "points_transfer", "points_reversal", "points_hold", "points_holdend")


class Migration(migrations.Migration):
    dependencies = [("points", "0001_initial"), ("journal", "0004_sealer")]
    operations = [
        wall("points_holder", AMONG_AREAS),
        migrations.RunSQL(REFUSED, "DROP FUNCTION points_refuse()"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER refused BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION points_refuse()",
                f"DROP TRIGGER refused ON {table}",
            )
            for table in GROWING
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER refused BEFORE DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION points_refuse()",
                f"DROP TRIGGER refused ON {table}",
            )
            for table in ("points_account", "points_balance")
        ),
        migrations.RunSQL(KEPT_AS_OPENED, "DROP TRIGGER kept ON points_account; DROP FUNCTION points_account_kept()"),
        migrations.RunSQL(OPENED, "DROP TRIGGER opened ON points_account; DROP FUNCTION points_account_opened()"),
        migrations.RunSQL(MAY, "DROP FUNCTION points_may"),
        migrations.RunSQL(MOVED, "DROP TRIGGER made ON points_transfer; DROP FUNCTION points_transfer_made()"),
        migrations.RunSQL(FOLD, "DROP FUNCTION points_fold"),
        migrations.RunSQL(LINE, "DROP FUNCTION points_line"),
        migrations.RunSQL(ANSWERED, "DROP FUNCTION points_answered"),
        migrations.RunSQL(POST, "DROP FUNCTION points_post"),
    ]
