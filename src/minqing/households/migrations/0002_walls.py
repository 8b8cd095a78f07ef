from django.db import migrations

from minqing.privacy.rls import IN_AREAS, is_setting, wall

OWN = is_setting("id", "household", "uuid")
OF_OWN = is_setting("household_id", "household", "uuid")


class Migration(migrations.Migration):
    dependencies = [("households", "0001_initial")]
    operations = [
        wall("households_household", f"{IN_AREAS} OR {OWN}", written=IN_AREAS),
        wall("households_resident", IN_AREAS),
        wall("households_taggrant", IN_AREAS),
        # whoever holds the code opens that one row by its digest
        wall("households_householdcode", f"{IN_AREAS} OR {is_setting('digest', 'code')}", written=IN_AREAS),
    ]
