"""Where an account lay before its holder moved or was erased, so that a month that is over is read as it was."""

import django.db.models.deletion
from django.db import migrations, models

# many at once in the order of all, as whoever posts locks them; the moment is taken under the lock, as that of transfers
KEPT = """
CREATE FUNCTION points_stayed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT EXISTS (SELECT FROM former f JOIN present n USING (account_id) WHERE f.area_id <> n.area_id) THEN
            RETURN NULL;
        END IF;
    END IF;
    LOCK TABLE public.points_transfer IN ROW EXCLUSIVE MODE;
    PERFORM FROM public.points_balance b
    WHERE b.account_id IN (SELECT f.account_id FROM former f) ORDER BY b.account_id FOR UPDATE;
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO public.points_stay (account_id, area_id, until, balance)
        SELECT f.account_id, f.area_id, public.points_moment(), b.posted
        FROM former f JOIN present n USING (account_id) JOIN public.points_balance b USING (account_id)
        WHERE f.area_id <> n.area_id;
    ELSE
        INSERT INTO public.points_stay (account_id, area_id, until, balance)
        SELECT f.account_id, f.area_id, public.points_moment(), b.posted
        FROM former f JOIN public.points_balance b USING (account_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER stays AFTER UPDATE ON points_holder REFERENCING OLD TABLE AS former NEW TABLE AS present
FOR EACH STATEMENT EXECUTE FUNCTION points_stayed();
CREATE TRIGGER stayed AFTER DELETE ON points_holder REFERENCING OLD TABLE AS former
FOR EACH STATEMENT EXECUTE FUNCTION points_stayed();
CREATE TRIGGER refused BEFORE UPDATE OR DELETE OR TRUNCATE ON points_stay
FOR EACH STATEMENT EXECUTE FUNCTION points_refuse();
"""
GONE = """
DROP TRIGGER refused ON points_stay;
DROP TRIGGER stayed ON points_holder;
DROP TRIGGER stays ON points_holder;
DROP FUNCTION points_stayed();
"""


class Migration(migrations.Migration):
    dependencies = [("org", "0001_initial"), ("points", "0014_held_anew")]
    operations = [
        migrations.CreateModel(
            name="Stay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
                ("balance", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="points.account"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.area"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(KEPT, GONE),
    ]
