"""The visits of a county's areas in a period are read out of one index that holds all that is asked for.

The index of areas alone is dropped: whatever asks for an area is served by this one, and the planner, which takes the
areas of an actor for ten, read a whole county's visits by it to count a month's.
"""

import django.db.models.deletion
from django.db import migrations, models

from minqing.core.indexes import AddIndexBesides


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("org", "0005_rights_from_posts_alone"), ("visits", "0004_days")]
    operations = [
        AddIndexBesides(
            model_name="visit",
            index=models.Index(fields=["area", "-visited_at"], include=("household", "met"), name="visit_area_days"),
        ),
        migrations.RemoveIndex(model_name="visit", name="visits_visi_area_id_9fa6d8_idx"),
        migrations.AlterField(
            model_name="visit",
            name="area",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.area"
            ),
        ),
    ]
