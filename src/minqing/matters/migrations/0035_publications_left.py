"""What the public reads is a room of its own, which has taken the tables along."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matters", "0034_areas_looked_up"), ("publications", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("Publication"), migrations.DeleteModel("QuarterFigures")]
        ),
    ]
