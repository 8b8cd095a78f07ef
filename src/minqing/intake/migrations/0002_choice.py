"""Whoever loads a table may choose how it is taken.

A table of matters of which a part is loaded already goes on as it began: its terms count from the time in the table.
"""

from django.db import migrations, models

BEGUN = """
    UPDATE intake_importrun SET choice = 'table'
    WHERE kind IN ('messages', 'matters') AND done_rows > 0 AND state <> 'done'
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="choice",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.RunSQL(BEGUN, migrations.RunSQL.noop),
    ]
