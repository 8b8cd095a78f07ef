"""What has lapsed is not open any more: the index of what is open leaves it out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rights", "0005_reminded")]

    operations = [
        migrations.RemoveIndex(model_name="request", name="rights_open"),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                fields=["due_at"],
                name="rights_open",
                condition=~models.Q(state__in=["answered", "lapsed", "withdrawn"]),
            ),
        ),
    ]
