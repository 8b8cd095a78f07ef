"""The list of claims of a whole county begins with the newest: it is read from there, not put in order. Beside who works."""

from django.db import migrations, models

from minqing.core.indexes import AddIndexBesides


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("earning", "0006_budgets")]
    operations = [
        AddIndexBesides(model_name="claim", index=models.Index(fields=["received_at", "id"], name="claims_newest")),
    ]
