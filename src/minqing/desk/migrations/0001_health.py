"""How the system was found when it was last looked over."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.CreateModel(
            name="Health",
            fields=[
                ("name", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("well", models.BooleanField()),
                ("known", models.BooleanField(default=True)),
                ("page", models.CharField(blank=True, max_length=80)),
                ("texts", models.JSONField()),
                ("since", models.DateTimeField()),
                ("looked_at", models.DateTimeField()),
            ],
        ),
    ]
