"""What the public reads leaves the room of matters, with its rows and walls, and jobs that wait."""

from __future__ import annotations

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import minqing.core.ids

MOVED = [
    "ALTER TABLE matters_publication RENAME TO publications_publication",
    "ALTER TABLE matters_quarterfigures RENAME TO publications_quarterfigures",
    "ALTER INDEX matters_pub_state_e7f42d_idx RENAME TO publications_waiting",
]
BACK = [
    "ALTER INDEX publications_waiting RENAME TO matters_pub_state_e7f42d_idx",
    "ALTER TABLE publications_quarterfigures RENAME TO matters_quarterfigures",
    "ALTER TABLE publications_publication RENAME TO matters_publication",
]


def job(before: str, after: str) -> str:
    return (
        f"UPDATE procrastinate_jobs SET task_name = '{after}.figures', lock = '{after}.figures', "  # noqa: S608
        f"queueing_lock = replace(queueing_lock, '{before}.', '{after}.') WHERE task_name = '{before}.figures'"
    )


def key() -> models.UUIDField:
    return models.UUIDField(default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False)


def account(**options: bool) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, **options
    )


SHOWN = ["reviewed", "published"]
PUBLICATION = migrations.CreateModel(
    name="Publication",
    fields=[
        ("id", key()),
        ("state", models.CharField(default="draft", max_length=10)),
        ("version", models.PositiveIntegerField(default=1)),
        ("title", models.CharField(max_length=120)),
        ("question", models.TextField()),
        ("answer", models.TextField()),
        ("objection", models.BooleanField(default=False)),
        ("search", django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
        ("changed_at", models.DateTimeField()),
        ("published_at", models.DateTimeField(null=True)),
        ("area", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.area")),
        (
            "category",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.category"),
        ),
        (
            "matter",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="publication", to="matters.matter"
            ),
        ),
        ("prepared_by", account()),
        ("reviewed_by", account(null=True)),
    ],
    options={
        "indexes": [
            models.Index(fields=["state", "changed_at", "id"], name="publications_waiting"),
            models.Index(
                condition=models.Q(("state", "published")), fields=["-published_at", "-id"], name="published_newest"
            ),
            django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("state", "published")), fields=["search"], name="published_search"
            ),
        ],
        "constraints": [
            models.CheckConstraint(
                condition=~models.Q(state__in=SHOWN)
                | (models.Q(reviewed_by__isnull=False) & ~models.Q(reviewed_by=models.F("prepared_by"))),
                name="four_eyes",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published") | models.Q(published_at__isnull=False),
                name="published_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=SHOWN) | models.Q(objection=False), name="no_objection"
            ),
        ],
    },
)
FIGURES = migrations.CreateModel(
    name="QuarterFigures",
    fields=[
        ("id", key()),
        ("year", models.PositiveSmallIntegerField()),
        ("quarter", models.PositiveSmallIntegerField()),
        ("threshold", models.PositiveSmallIntegerField()),
        ("table", models.JSONField()),
        ("made_at", models.DateTimeField()),
    ],
    options={
        "constraints": [
            models.UniqueConstraint(fields=("year", "quarter"), name="quarter_published_once"),
            models.CheckConstraint(condition=models.Q(("quarter__range", (1, 4))), name="quarter_of_four"),
        ],
    },
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("matters", "0034_areas_looked_up"),
        ("procrastinate", "0041_post_retry_failed_job"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MOVED, BACK)], state_operations=[PUBLICATION, FIGURES]
        ),
        migrations.RunSQL([job("matters", "publications")], [job("publications", "matters")]),
    ]
