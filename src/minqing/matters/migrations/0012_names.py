from django.db import migrations, models

import minqing.core.ids
from minqing.core.cache_version import versioned


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("matters", "0011_worklist")]

    operations = [
        migrations.CreateModel(
            name="LocalName",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("code", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=10)),
                ("word", models.CharField(blank=True, max_length=12)),
                ("public_word", models.CharField(blank=True, max_length=12)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=120)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "code", "language"), name="named_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("word", ""), _negated=True),
                        fields=("kind", "language", "word"),
                        name="no_word_for_two",
                    ),
                ],
            },
        ),
        versioned("matters_localname"),
    ]
