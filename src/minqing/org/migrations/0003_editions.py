from django.db import migrations

from minqing.core.cache_version import versioned


class Migration(migrations.Migration):
    dependencies = [("org", "0002_unit_hours"), ("core", "0001_initial")]
    operations = [versioned("org_area", "org_unit", "org_workday")]
