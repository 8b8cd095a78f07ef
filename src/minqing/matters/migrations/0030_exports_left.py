"""Exports are a room of their own, which has taken the table along."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matters", "0029_last_word"), ("exports", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("ExportRequest")]),
    ]
