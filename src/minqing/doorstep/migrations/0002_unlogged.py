from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("doorstep", "0001_initial")]
    operations = [
        migrations.RunSQL("ALTER TABLE doorstep_bucket SET UNLOGGED", "ALTER TABLE doorstep_bucket SET LOGGED"),
    ]
