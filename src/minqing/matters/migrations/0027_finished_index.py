from django.db import migrations, models

from minqing.core.indexes import AddIndexBesides


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("matters", "0026_day_triggers")]
    operations = [
        AddIndexBesides(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", False)), fields=["finished_at"], name="matter_finished"
            ),
        ),
    ]
