"""What runs out on a day is looked for by it. Beside who works with the table."""

from django.db import migrations, models

from minqing.core.indexes import AddIndexBesides


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("points", "0012_once_more")]
    operations = [
        AddIndexBesides(model_name="lot", index=models.Index(fields=["expires_on"], name="points_lots_days")),
    ]
