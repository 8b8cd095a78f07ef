from django.db import migrations

from minqing.privacy.rls import IN_AREAS, through, wall


class Migration(migrations.Migration):
    dependencies = [("hazards", "0001_initial")]
    operations = [
        wall("hazards_hazard", IN_AREAS),
        wall("hazards_hazardclock", through("hazard_id", "hazards_hazard")),
        wall("hazards_hazardphoto", through("hazard_id", "hazards_hazard")),
        migrations.RunSQL("CREATE SEQUENCE hazards_hazard_number AS bigint", "DROP SEQUENCE hazards_hazard_number"),
    ]
