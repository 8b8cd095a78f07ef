"""What the county makes of a tag is not changed by a release."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("households", "0003_areas_looked_up")]

    operations = [
        migrations.AddField("tag", "changed_at", models.DateTimeField(null=True, blank=True)),
    ]
