"""Templates of print sheets are in a room of their own, which has taken the table along."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matters", "0032_carry_up_unassigned"), ("documents", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("SheetTemplate")]),
    ]
