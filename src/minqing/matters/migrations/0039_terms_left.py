"""Norms, the ladder and reasons to wait are the room of deadlines', which has taken the tables along."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matters", "0038_routing_left"), ("deadlines", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("LadderStep"),
                migrations.DeleteModel("Norm"),
                migrations.DeleteModel("PauseRule"),
            ]
        ),
    ]
