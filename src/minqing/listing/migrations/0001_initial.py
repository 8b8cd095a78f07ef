"""Lists that somebody keeps leave the room of matters, with their rows and their wall, and say of which list they are."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import minqing.core.ids

MOVED = [
    "ALTER TABLE matters_savedfilter RENAME TO listing_savedfilter",
    "ALTER TABLE listing_savedfilter ADD COLUMN list varchar(40) NOT NULL DEFAULT 'matters'",
    "ALTER TABLE listing_savedfilter ALTER COLUMN list DROP DEFAULT",
    "ALTER TABLE listing_savedfilter DROP CONSTRAINT filter_named_once",
    "ALTER TABLE listing_savedfilter ADD CONSTRAINT filter_named_once UNIQUE (account_id, list, name)",
]
BACK = [
    "ALTER TABLE listing_savedfilter DROP CONSTRAINT filter_named_once",
    "ALTER TABLE listing_savedfilter DROP COLUMN list",
    "ALTER TABLE listing_savedfilter ADD CONSTRAINT filter_named_once UNIQUE (account_id, name)",
    "ALTER TABLE listing_savedfilter RENAME TO matters_savedfilter",
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("matters", "0039_terms_left"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MOVED, BACK)],
            state_operations=[
                migrations.CreateModel(
                    name="SavedFilter",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("list", models.CharField(max_length=40)),
                        ("name", models.CharField(max_length=40)),
                        ("query", models.CharField(max_length=1000)),
                        ("saved_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("account", "list", "name"), name="filter_named_once")
                        ],
                    },
                ),
            ],
        ),
    ]
