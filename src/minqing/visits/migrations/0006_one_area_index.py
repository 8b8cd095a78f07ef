"""The index of areas alone is dropped: whatever asks for an area is served by that of areas and days.

The planner, which takes the areas of an actor for ten, read a whole county's visits by it to count a month's.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("org", "0005_rights_from_posts_alone"), ("visits", "0005_area_days")]
    operations = [
        migrations.RemoveIndex(model_name="visit", name="visits_visi_area_id_9fa6d8_idx"),
        migrations.AlterField(
            model_name="visit",
            name="area",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.area"
            ),
        ),
    ]
