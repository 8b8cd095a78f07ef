from django.db import migrations

from minqing.core.editions import stamped


class Migration(migrations.Migration):
    dependencies = [("org", "0002_unit_hours"), ("core", "0001_initial")]
    operations = [stamped("org_area", "org_unit", "org_workday")]
