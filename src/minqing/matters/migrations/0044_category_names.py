"""What categories are called in other languages, and which of them the county has made its own."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0043_outcome")]
    operations = [
        migrations.AddField("category", "names", models.JSONField(default=dict, db_default={})),
        migrations.AddField("category", "changed_at", models.DateTimeField(blank=True, null=True)),
    ]
