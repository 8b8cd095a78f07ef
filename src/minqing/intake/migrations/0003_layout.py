"""Which column is which may be said by a person, and is remembered for the office."""

from django.db import migrations, models

import minqing.core.ids


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_choice")]

    operations = [
        migrations.AddField(model_name="importrun", name="layout", field=models.JSONField(default=dict)),
        migrations.CreateModel(
            name="ColumnMemory",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("office", models.BigIntegerField()),
                ("headings", models.CharField(max_length=64)),
                ("columns", models.JSONField()),
                ("words", models.JSONField()),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "office", "headings"), name="intake_one_memory")
                ]
            },
        ),
    ]
