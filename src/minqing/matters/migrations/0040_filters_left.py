"""Lists that somebody keeps are the room of lists', which has taken the table along."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matters", "0039_terms_left"), ("listing", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("SavedFilter")]),
    ]
