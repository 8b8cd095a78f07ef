"""Templates of print sheets leave the room of matters, with their rows."""

from __future__ import annotations

from django.db import migrations, models

import minqing.core.ids

MOVED = [
    "ALTER TABLE matters_sheettemplate RENAME TO documents_template",
    "ALTER TABLE documents_template ADD COLUMN sheet varchar(40) NOT NULL DEFAULT 'matters'",
    "ALTER TABLE documents_template ALTER COLUMN sheet DROP DEFAULT",
    "DROP INDEX matters_she_uploade_9a9602_idx",
    "CREATE INDEX documents_newest ON documents_template (sheet, uploaded_at)",
]
BACK = [
    "DROP INDEX documents_newest",
    "CREATE INDEX matters_she_uploade_9a9602_idx ON documents_template (uploaded_at)",
    "ALTER TABLE documents_template DROP COLUMN sheet",
    "ALTER TABLE documents_template RENAME TO matters_sheettemplate",
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("matters", "0030_exports_left")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MOVED, BACK)],
            state_operations=[
                migrations.CreateModel(
                    name="Template",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("sheet", models.CharField(max_length=40)),
                        ("content", models.BinaryField()),
                        ("digest", models.CharField(max_length=64)),
                        ("uploaded_at", models.DateTimeField()),
                        ("by", models.CharField(max_length=120)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["sheet", "uploaded_at"], name="documents_newest")],
                    },
                ),
            ],
        ),
    ]
