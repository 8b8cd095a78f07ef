"""The county's own words leave the room of matters, with their rows."""

from __future__ import annotations

from django.db import migrations, models

import minqing.core.ids
from minqing.core.cache_version import versioned

MOVED = [
    "ALTER TABLE matters_localname RENAME TO localnames_localname",
    "ALTER TABLE localnames_localname ALTER COLUMN kind TYPE varchar(30)",
    "DROP TRIGGER stamped ON localnames_localname",
    "DELETE FROM core_edition WHERE name = 'matters_localname'",
]
BACK = [
    "ALTER TABLE localnames_localname RENAME TO matters_localname",
    "CREATE TRIGGER stamped AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON matters_localname "
    "FOR EACH STATEMENT EXECUTE FUNCTION core_stamp()",
    "INSERT INTO core_edition (name, stamp) VALUES ('matters_localname', gen_random_uuid())",
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("matters", "0035_publications_left")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MOVED, BACK)],
            state_operations=[
                migrations.CreateModel(
                    name="LocalName",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=30)),
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
            ],
        ),
        versioned("localnames_localname"),
    ]
