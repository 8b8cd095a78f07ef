"""One transfer does each thing once: one trigger moves balances and lots, and no index is written that nobody reads.

What the tables refuse is as before; what it saves stands in decision 0063.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

ASKED = import_module("minqing.points.migrations.0010_past").ASKED
BEFORE = import_module("minqing.points.migrations.0007_single_transfers")
FORMER_LOTS = import_module("minqing.points.migrations.0005_lots_sql").MOVED

# as in 0010; a single transfer is written without what a batch needs, and nothing is called that has nothing to do
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
        ELSIF one.account_id = ANY (debits) AND (
            EXISTS (
                SELECT FROM public.points_openhold o
                WHERE o.account_id = one.account_id AND o.expires_at <= clock_timestamp()
            ) OR EXISTS (
                SELECT FROM public.points_lot l WHERE l.account_id = one.account_id AND l.remaining > 0
                AND l.expires_on < public.points_day(clock_timestamp())
            )
        ) THEN
            PERFORM public.points_lapse(one.account_id);
        END IF;
    END LOOP;
    moment := public.points_moment();
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
        IF cardinality(debits) = 1 THEN
            ids := ARRAY[nextval('public.points_transfer_id_seq')];
        ELSE
            ids := ARRAY(SELECT nextval('public.points_transfer_id_seq') FROM generate_series(1, cardinality(debits)));
        END IF;
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
    IF outcome = 'posted' AND cardinality(debits) = 1 THEN
        INSERT INTO public.points_transfer AS t
            (id, request, debit_id, credit_id, amount, code, about, reverses, posted_at)
        VALUES (ids[1], the_id, debits[1], credits[1], amounts[1], codes[1], abouts[1], NULL, moment)
        RETURNING jsonb_build_array(public.points_line(t)) INTO digests;
    ELSIF outcome = 'posted' THEN
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
# whoever adds a transfer has the owner's rights: the app's role may not; of its own this one needs none
MOVED = """
CREATE OR REPLACE FUNCTION points_transfer_made() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one record;
    of_it record;
    t public.points_transfer;
    appended bigint;
    moved bigint;
BEGIN
    SELECT count(*) AS due, min(made.debit_id) AS debit, min(made.credit_id) AS credit, min(made.amount) AS amount,
        min(d.floored::int) AS floored, min(d.appended::int) AS takes_appended, min(c.appended::int) AS gives_appended,
        count(made.reverses) AS back, bool_or(da.kind IN ('resident', 'household')) AS takes,
        bool_or(ca.kind IN ('resident', 'household')) AS gives
    INTO one
    FROM made
    JOIN public.points_balance d ON d.account_id = made.debit_id
    JOIN public.points_balance c ON c.account_id = made.credit_id
    JOIN public.points_account da ON da.id = made.debit_id
    JOIN public.points_account ca ON ca.id = made.credit_id
    WHERE public.points_may(made.code, da.kind, ca.kind);
    IF one.due <> (SELECT count(*) FROM made) THEN
        RAISE EXCEPTION 'a transfer names an account that there is not, or one of a kind that it is not for'
            USING ERRCODE = 'check_violation';
    END IF;
    IF one.back > 0 AND EXISTS (
        SELECT FROM made LEFT JOIN public.points_reversal r ON r.transfer_id = made.reverses AND r.request = made.request
        WHERE made.reverses IS NOT NULL AND r.transfer_id IS NULL
    ) THEN
        RAISE EXCEPTION 'a transfer takes back one that is not taken back' USING ERRCODE = 'check_violation';
    END IF;
    IF one.due = 1 THEN
        SELECT * INTO t FROM made;
        PERFORM public.points_lots_follow(t, one.takes, one.gives);
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
    IF one.takes OR one.gives THEN
        FOR t IN SELECT * FROM made ORDER BY id LOOP
            SELECT d.kind IN ('resident', 'household') AS takes, c.kind IN ('resident', 'household') AS gives INTO of_it
            FROM public.points_account d, public.points_account c WHERE d.id = t.debit_id AND c.id = t.credit_id;
            PERFORM public.points_lots_follow(t, of_it.takes, of_it.gives);
        END LOOP;
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
    IF appended + moved <> 2 * one.due THEN
        RAISE EXCEPTION 'a leg of a transfer reached no balance' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""
# of one transfer, whose accounts are people's or not; mostly one lot has enough
FOLLOW = """
CREATE FUNCTION points_lots_follow(t points_transfer, takes boolean, gives boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    day date;
BEGIN
    IF takes AND gives THEN
        PERFORM public.points_lot_take(t.id, t.debit_id, t.amount, t.credit_id);
    ELSIF takes THEN
        UPDATE public.points_lot l SET remaining = l.remaining - t.amount
        WHERE l.id = (
            SELECT o.id FROM public.points_lot o WHERE o.account_id = t.debit_id AND o.remaining > 0
            ORDER BY o.expires_on LIMIT 1
        ) AND l.remaining >= t.amount
        RETURNING l.expires_on INTO day;
        IF FOUND THEN
            INSERT INTO public.points_lotentry (transfer, account_id, expires_on, amount)
            VALUES (t.id, t.debit_id, day, -t.amount);
        ELSE
            PERFORM public.points_lot_take(t.id, t.debit_id, t.amount, NULL);
        END IF;
    ELSIF gives AND t.reverses IS NOT NULL THEN
        PERFORM public.points_lot_back(t);
    ELSIF gives THEN
        PERFORM public.points_lot_add(t.id, t.credit_id, public.points_good_until(t.posted_at), t.amount);
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0010_past")]
    operations = [
        # its condition named the column that each transfer changes: no change of it could stay within its page
        migrations.RemoveIndex(model_name="lot", name="points_lots_left"),
        migrations.AlterField(
            model_name="lotentry",
            name="account",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="points.account",
            ),
        ),
        migrations.RunSQL(FOLLOW, "DROP FUNCTION points_lots_follow"),
        migrations.RunSQL("DROP TRIGGER lots ON points_transfer; DROP FUNCTION points_lots_moved()", FORMER_LOTS),
        migrations.RunSQL(MOVED, BEFORE.MOVED),
        migrations.RunSQL(POST, ASKED),
    ]
