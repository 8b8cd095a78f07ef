"""Where households and people came from when they moved; seen by whoever sees the household by now."""

import django.db.models.deletion
from django.db import migrations, models

import minqing.core.ids
from minqing.privacy.rls import through, wall


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0007_head_taken_over"),
        ("org", "0008_area_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Move",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("together", models.UUIDField(db_index=True)),
                ("relation", models.CharField(blank=True, max_length=12)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=120)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undone_by", models.CharField(blank=True, max_length=120)),
                (
                    "from_area",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.area"),
                ),
                (
                    "from_household",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="households.household",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="households.household"
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="households.resident",
                    ),
                ),
                (
                    "to_area",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.area"),
                ),
            ],
        ),
        wall("households_move", through("household_id", "households_household")),
    ]
