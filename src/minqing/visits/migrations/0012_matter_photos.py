"""Whether those who handle the matter of a diary see its photos, also those that come after the words."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0011_handed")]

    operations = [
        migrations.AddField(
            model_name="diaryentry",
            name="matter_photos",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
