"""The visits of a county's areas in a period are read out of one index that holds all that is asked for."""

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
    ]
