from django.db import migrations

from minqing.core.editions import stamped


class Migration(migrations.Migration):
    dependencies = [("matters", "0005_walls_of_parts"), ("core", "0001_initial")]
    operations = [stamped("matters_category")]
