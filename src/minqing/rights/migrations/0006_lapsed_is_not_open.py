"""What has lapsed is not open any more: the index of what was open goes, and comes anew without it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rights", "0005_reminded")]

    operations = [migrations.RemoveIndex(model_name="request", name="rights_open")]
