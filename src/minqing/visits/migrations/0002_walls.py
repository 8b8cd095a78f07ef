from django.db import migrations

from minqing.privacy.rls import IN_AREAS, through, wall


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]
    operations = [
        wall("visits_householdassignment", IN_AREAS),
        wall("visits_visit", IN_AREAS),
        wall("visits_diaryentry", IN_AREAS),
        wall("visits_diaryentry_met_residents", through("diaryentry_id", "visits_diaryentry")),
        wall("visits_hazardcheck", IN_AREAS),
        wall("visits_visitphoto", IN_AREAS),
    ]
