from django.db import migrations

from minqing.privacy.rls import IN_AREAS, wall


class Migration(migrations.Migration):
    dependencies = [("partners", "0004_inbound")]
    operations = [wall("partners_inbound", IN_AREAS)]
