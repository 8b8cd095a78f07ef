"""A number that is changed is reckoned from what the period has given, since the transfer that began it."""

from django.db import migrations, models

# what began the period: the first that was put in since its first day
FIRST = """
    UPDATE earning_budget b SET filled_with = (
        SELECT min(t.id) FROM points_transfer t
        WHERE t.credit_id = b.account_id AND t.code = 'fund'
            AND t.posted_at >= b.filled_on::timestamp AT TIME ZONE 'Asia/Shanghai'
    )
"""


class Migration(migrations.Migration):
    dependencies = [("earning", "0007_claims_newest"), ("points", "0010_past")]

    operations = [
        migrations.AddField(model_name="budget", name="filled_with", field=models.BigIntegerField(null=True)),
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
    ]
