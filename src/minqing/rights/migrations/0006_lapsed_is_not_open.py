"""What has lapsed is not open any more: the index of what is open leaves it out."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("rights", "0005_reminded")]

    operations = [
        RemoveIndexConcurrently(model_name="request", name="rights_open"),
        AddIndexConcurrently(
            model_name="request",
            index=models.Index(
                fields=["due_at"],
                name="rights_open",
                condition=~models.Q(state__in=["answered", "lapsed", "withdrawn"]),
            ),
        ),
    ]
