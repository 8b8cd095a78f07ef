from django.db import migrations

from minqing.core.cache_version import versioned


class Migration(migrations.Migration):
    dependencies = [("matters", "0005_walls_of_parts"), ("core", "0001_initial")]
    operations = [versioned("matters_category")]
