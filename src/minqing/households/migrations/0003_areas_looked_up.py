"""The areas of a household are looked up behind the wall: searched through, those of a county cost a row 5 µs."""

from django.db import migrations

from minqing.privacy.rls import IN_AREAS, is_setting, looked_up

OWN = is_setting("id", "household", "uuid")


class Migration(migrations.Migration):
    # a table at a time
    atomic = False
    dependencies = [("households", "0002_walls")]
    operations = [
        looked_up("households_household", f"{IN_AREAS} OR {OWN}", written=IN_AREAS),
        looked_up("households_resident", IN_AREAS),
        looked_up("households_taggrant", IN_AREAS),
        looked_up("households_householdcode", f"{IN_AREAS} OR {is_setting('digest', 'code')}", written=IN_AREAS),
    ]
