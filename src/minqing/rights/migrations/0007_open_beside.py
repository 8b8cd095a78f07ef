"""The index of open requests, made beside the work."""

from django.db import migrations, models

from minqing.core.indexes import AddIndexBesides


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("rights", "0006_lapsed_is_not_open")]

    operations = [
        AddIndexBesides(
            model_name="request",
            index=models.Index(
                fields=["due_at"],
                name="rights_open",
                condition=~models.Q(state__in=["answered", "lapsed", "withdrawn"]),
            ),
        ),
    ]
