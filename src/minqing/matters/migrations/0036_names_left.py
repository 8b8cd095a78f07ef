"""The county's own words are a room of their own, which has taken the table along."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matters", "0035_publications_left"), ("localnames", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("LocalName")]),
    ]
