from django.db import migrations

from minqing.privacy.rls import IN_AREAS, in_units, is_setting, through, wall

# the area it is in, the unit that handles it, or the private link of the one who raised it
SEEN = f"{IN_AREAS} OR {in_units('lead_unit_id')} OR {is_setting('ticket', 'ticket')}"
OF_SEEN = through("matter_id", "matters_matter")


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial")]
    operations = [
        wall("matters_matter", SEEN),
        wall("matters_reporter", OF_SEEN),
        wall("matters_step", OF_SEEN),
        wall("matters_evidence", OF_SEEN),
        wall("matters_confirmation", OF_SEEN),
        migrations.RunSQL("CREATE SEQUENCE matters_matter_number AS bigint", "DROP SEQUENCE matters_matter_number"),
    ]
