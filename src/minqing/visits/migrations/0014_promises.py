"""What was promised in visits, with its day, behind the wall of its area."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import minqing.core.ids
from minqing.privacy.rls import IN_AREAS, wall

KEPT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0004_tags_of_the_county"),
        ("org", "0007_without_admin"),
        ("visits", "0013_campaigns"),
    ]

    operations = [
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=120)),
                ("due_on", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("kept", models.BooleanField(null=True)),
                (
                    "account",
                    models.ForeignKey(db_index=False, on_delete=KEPT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("area", models.ForeignKey(on_delete=KEPT, related_name="+", to="org.area")),
                ("household", models.ForeignKey(on_delete=KEPT, related_name="+", to="households.household")),
                (
                    "settled_by",
                    models.ForeignKey(null=True, on_delete=KEPT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="promises", to="visits.visit"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at", None)),
                        fields=["account", "due_on"],
                        name="visits_promises_open",
                    )
                ],
            },
        ),
        wall("visits_promise", IN_AREAS),
    ]
