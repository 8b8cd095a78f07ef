"""One transfer is the usual request: it is looked at and moved without what a batch needs.

In processor time of the server a single transfer takes a third of what it took (``minqing bench ledger``).
"""

from django.db import migrations

POST = """
CREATE OR REPLACE FUNCTION points_post(
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
    SELECT CASE WHEN r.digest = told THEN r.outcome ELSE 'key_used' END, r.failed, r.rows INTO outcome, failed, ids
    FROM public.points_request r WHERE r.caller = the_caller AND r.key = the_key;
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
    IF cardinality(debits) = 1 THEN
        SELECT CASE
            WHEN EXISTS (
                SELECT FROM public.points_account a
                WHERE a.id = ANY (ARRAY[debits[1], credits[1]]) AND a.closed_at IS NOT NULL
            ) THEN 'closed'
            WHEN b.floored AND b.posted - b.held < amounts[1] THEN 'insufficient'
            ELSE 'posted' END
        INTO outcome FROM public.points_balance b WHERE b.account_id = debits[1];
        failed := CASE WHEN outcome <> 'posted' THEN 0 END;
    ELSE
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
        WITH added AS (
            INSERT INTO public.points_transfer AS t
                (id, request, debit_id, credit_id, amount, code, about, reverses, posted_at)
            SELECT g.id, the_id, g.debit, g.credit, g.amount, g.code, g.about, NULL, moment
            FROM unnest(ids, debits, credits, amounts, codes, abouts) AS g(id, debit, credit, amount, code, about)
            RETURNING t.id, public.points_line(t) AS line
        )
        SELECT jsonb_agg(added.line ORDER BY added.id) INTO digests FROM added;
    END IF;
    INSERT INTO public.journal_event (id, type, source, subject, at, actor, purpose, data)
    VALUES (the_id, CASE outcome WHEN 'posted' THEN 'points.transfers.posted' ELSE 'points.transfers.refused' END,
        '/minqing', 'points:' || the_id, moment, the_actor, the_purpose,
        jsonb_strip_nulls(jsonb_build_object('outcome', outcome, 'failed', failed, 'rows', digests)));
END $$;
"""
MOVED = """
CREATE OR REPLACE FUNCTION points_transfer_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    due bigint;
    appended bigint;
    moved bigint;
    one record;
BEGIN
    SELECT count(*), min(made.debit_id) AS debit, min(made.credit_id) AS credit, min(made.amount) AS amount,
        min(d.floored::int) AS floored, min(d.appended::int) AS takes_appended, min(c.appended::int) AS gives_appended,
        count(made.reverses) AS back
    INTO one
    FROM made
    JOIN public.points_balance d ON d.account_id = made.debit_id
    JOIN public.points_balance c ON c.account_id = made.credit_id
    JOIN public.points_account da ON da.id = made.debit_id
    JOIN public.points_account ca ON ca.id = made.credit_id
    WHERE public.points_may(made.code, da.kind, ca.kind);
    due := one.count;
    IF due <> (SELECT count(*) FROM made) THEN
        RAISE EXCEPTION 'a transfer names an account that there is not, or one of a kind that it is not for'
            USING ERRCODE = 'check_violation';
    END IF;
    IF one.back > 0 AND EXISTS (
        SELECT FROM made LEFT JOIN public.points_reversal r ON r.transfer_id = made.reverses AND r.request = made.request
        WHERE made.reverses IS NOT NULL AND r.transfer_id IS NULL
    ) THEN
        RAISE EXCEPTION 'a transfer takes back one that is not taken back' USING ERRCODE = 'check_violation';
    END IF;
    IF due = 1 THEN
        IF one.takes_appended = 1 AND one.floored = 0 THEN
            INSERT INTO public.points_delta (account_id, amount) VALUES (one.debit, -one.amount);
        ELSE
            UPDATE public.points_balance SET posted = posted - one.amount WHERE account_id = one.debit;
        END IF;
        IF one.gives_appended = 1 THEN
            INSERT INTO public.points_delta (account_id, amount) VALUES (one.credit, one.amount);
        ELSE
            UPDATE public.points_balance SET posted = posted + one.amount WHERE account_id = one.credit;
        END IF;
        RETURN NULL;
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
"""
# only ever called by functions that run with the owner's rights and the safe path
LOTS = """
CREATE OR REPLACE FUNCTION points_lot_add(the_transfer bigint, the_account bigint, day date, amount bigint) RETURNS void
LANGUAGE plpgsql AS $$
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
CREATE OR REPLACE FUNCTION points_lot_take(the_transfer bigint, the_account bigint, amount bigint, receiver bigint) RETURNS void
LANGUAGE plpgsql AS $$
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
CREATE OR REPLACE FUNCTION points_lot_back(t points_transfer) RETURNS void
LANGUAGE plpgsql AS $$
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


class Migration(migrations.Migration):
    dependencies = [("points", "0006_monthclose")]
    operations = [
        migrations.RunSQL(POST, migrations.RunSQL.noop),
        migrations.RunSQL(MOVED, migrations.RunSQL.noop),
        migrations.RunSQL(LOTS, migrations.RunSQL.noop),
    ]
