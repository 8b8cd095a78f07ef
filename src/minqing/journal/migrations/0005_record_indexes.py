"""Pages of the record are read by the day and by who did it."""

from django.db import migrations, models

from minqing.core.indexes import AddIndexBesides


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("journal", "0004_sealer")]
    operations = [
        AddIndexBesides(model_name="event", index=models.Index(fields=["at", "seq"], name="event_by_moment")),
        AddIndexBesides(model_name="event", index=models.Index(fields=["actor", "at", "seq"], name="event_by_actor")),
    ]
