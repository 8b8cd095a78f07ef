from django.db import migrations, models

from minqing.core.indexes import AddIndexBesides


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("matters", "0027_finished_index")]
    operations = [
        AddIndexBesides(
            model_name="daycount",
            index=models.Index(
                condition=models.Q(("kind", "unit")),
                fields=["key", "day"],
                include=("measure", "number", "area"),
                name="count_of_unit",
            ),
        ),
    ]
