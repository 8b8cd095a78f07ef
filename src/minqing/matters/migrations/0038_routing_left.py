"""Who gets a matter is a room of its own, which has taken the tables along."""

from __future__ import annotations

from django.db import migrations

# those that point at others first
MODELS = ("Routing", "RouteReplay", "RouteCase", "Route", "RouteSet")


class Migration(migrations.Migration):
    dependencies = [("matters", "0037_filters_erased"), ("routing", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name) for name in MODELS]),
    ]
