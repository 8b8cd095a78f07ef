"""When somebody was told that nobody has decided about a letter."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sync", "0003_letters")]

    operations = [
        migrations.AddField("letter", "reminded_at", models.DateTimeField(null=True)),
        migrations.AddField("letter", "raised_at", models.DateTimeField(null=True)),
    ]
