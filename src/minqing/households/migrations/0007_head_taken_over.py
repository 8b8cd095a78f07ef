"""What an entry was before it took the place of the head that was on file twice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0006_duplicates"),
    ]

    operations = [
        migrations.AddField(
            model_name="duplicate",
            name="relation",
            field=models.CharField(blank=True, default="", max_length=12),
            preserve_default=False,
        ),
    ]
