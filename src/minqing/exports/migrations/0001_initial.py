"""Exports leave the room of matters, with their rows, their wall and what people chose to be told of them."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import minqing.core.ids

MOVED = [
    "ALTER TABLE matters_exportrequest RENAME TO exports_exportrequest",
    "ALTER INDEX matters_exp_account_c2d703_idx RENAME TO exports_of_account",
    "ALTER INDEX matters_exp_area_id_69a0ef_idx RENAME TO exports_of_area",
    "ALTER TABLE exports_exportrequest ADD COLUMN kind varchar(40) NOT NULL DEFAULT 'matters'",
    "ALTER TABLE exports_exportrequest ALTER COLUMN kind DROP DEFAULT",
]
BACK = [
    "ALTER TABLE exports_exportrequest DROP COLUMN kind",
    "ALTER INDEX exports_of_area RENAME TO matters_exp_area_id_69a0ef_idx",
    "ALTER INDEX exports_of_account RENAME TO matters_exp_account_c2d703_idx",
    "ALTER TABLE exports_exportrequest RENAME TO matters_exportrequest",
]
NOTICES = ("notify_notice", "notify_outgoing", "notify_choice")
CODES = (("matters.export_asked", "exports.asked"), ("matters.export_decided", "exports.decided"))


def renamed(before: str, after: str) -> list[str]:
    kinds = [f"UPDATE {table} SET kind = '{after}' WHERE kind = '{before}'" for table in NOTICES[:2]]  # noqa: S608
    off = (
        f"""UPDATE notify_choice SET kinds_off = kinds_off - '{before}' || '["{after}"]' WHERE kinds_off ? '{before}'"""  # noqa: S608
    )
    return [*kinds, off]


def codes(pairs: list[tuple[str, str]]) -> list[str]:
    """As the owner, whom the walls stop too unless they are taken down for it."""
    return [
        *(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in NOTICES),
        *(line for before, after in pairs for line in renamed(before, after)),
        *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in NOTICES),
    ]


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("matters", "0029_last_word"),
        ("notify", "0003_replaced"),
        ("org", "0005_rights_from_posts_alone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MOVED, BACK)],
            state_operations=[
                migrations.CreateModel(
                    name="ExportRequest",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=40)),
                        ("post", models.UUIDField(null=True)),
                        ("query", models.CharField(max_length=1000)),
                        ("purpose", models.CharField(max_length=16)),
                        ("rows", models.PositiveIntegerField()),
                        ("state", models.CharField(default="asked", max_length=10)),
                        ("asked_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("taken_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.area"
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["account", "asked_at"], name="exports_of_account"),
                            models.Index(fields=["area", "state"], name="exports_of_area"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("account")),
                                name="export_decided_by_another",
                            )
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(codes([*CODES]), codes([(after, before) for before, after in CODES])),
    ]
