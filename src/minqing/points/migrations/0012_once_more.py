"""Points get thirty days more once and not again; the table is locked before the balance; nothing comes back to nobody."""

from importlib import import_module

from django.db import migrations

_holds, _lots = (import_module(f"minqing.points.migrations.{name}") for name in ("0003_holds", "0005_lots_sql"))
REPLACED = "CREATE OR REPLACE FUNCTION"


def changed(sql: str, *pairs: tuple[str, str]) -> str:
    """The function as it was made, with some lines otherwise; each must be there."""
    for before, after in (("CREATE FUNCTION", REPLACED), *pairs):
        if before not in sql:
            raise ValueError(before)
        sql = sql.replace(before, after)
    return sql


# as in 0005, where the same points could be held and let go of again and again, and never ran out. Those that had
# their thirty days are told by the entry that gave them: it belongs to no transfer. (What had been there before there
# were lots has such an entry too, until the last day of a year.) A hold is of the oldest
GRACE = """
CREATE OR REPLACE FUNCTION points_hold_grace() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    held public.points_hold;
    one record;
    part bigint;
    rest bigint;
BEGIN
    IF NEW.how = 'posted' THEN
        RETURN NULL;
    END IF;
    SELECT * INTO held FROM public.points_hold h WHERE h.id = NEW.hold_id;
    rest := held.amount;
    FOR one IN
        SELECT l.id, l.expires_on, l.remaining, to_char(l.expires_on, 'MMDD') <> '1231' AND EXISTS (
            SELECT FROM public.points_lotentry e WHERE e.account_id = l.account_id AND e.expires_on = l.expires_on
            AND e.transfer IS NULL AND e.amount > 0
        ) AS had
        FROM public.points_lot l
        WHERE l.account_id = held.debit_id AND l.remaining > 0
        AND l.expires_on < public.points_day(clock_timestamp())
        ORDER BY l.expires_on
    LOOP
        EXIT WHEN rest = 0;
        part := least(rest, one.remaining);
        rest := rest - part;
        CONTINUE WHEN one.had;
        UPDATE public.points_lot SET remaining = remaining - part WHERE id = one.id;
        INSERT INTO public.points_lotentry (transfer, account_id, expires_on, amount)
        VALUES (NULL, held.debit_id, one.expires_on, -part);
        PERFORM public.points_lot_add(NULL, held.debit_id, one.expires_on, part);
    END LOOP;
    RETURN NULL;
END $$;
"""
# the month that is closed locks the table of transfers and then looks at balances; whoever has run out points in the
# account from which is held adds a transfer
BALANCE = "    PERFORM FROM public.points_balance WHERE account_id = debit FOR UPDATE;\n"
RESERVE = changed(_holds.RESERVE, (BALANCE, f"    LOCK TABLE public.points_transfer IN ROW EXCLUSIVE MODE;\n{BALANCE}"))
# whoever had them was erased: an account that is closed takes nothing
ELSE = "        outcome := 'already_reversed';\n    ELSE\n"
CLOSED = """        outcome := 'already_reversed';
    ELSIF EXISTS (SELECT FROM public.points_account a WHERE a.id = former.debit_id AND a.closed_at IS NOT NULL) THEN
        outcome := 'closed';
    ELSE
"""
REVERSE = changed(_holds.REVERSE, (ELSE, CLOSED))
# the trigger stays as it is
FORMER_GRACE = changed(_lots.GRACE.split("CREATE TRIGGER")[0])


class Migration(migrations.Migration):
    dependencies = [("points", "0011_lean_posting")]
    operations = [
        migrations.RunSQL(GRACE, FORMER_GRACE),
        migrations.RunSQL(RESERVE, changed(_holds.RESERVE)),
        migrations.RunSQL(REVERSE, changed(_holds.REVERSE)),
    ]
