from django.db import migrations, models

from minqing.core.indexes import AddIndexBesides


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("matters", "0041_handler")]
    operations = [
        AddIndexBesides(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("handler__isnull", False)), fields=["handler"], name="matter_handler"
            ),
        ),
        AddIndexBesides(
            model_name="part",
            index=models.Index(condition=models.Q(("handler__isnull", False)), fields=["handler"], name="part_handler"),
        ),
    ]
