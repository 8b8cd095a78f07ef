from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]
    operations = [
        migrations.RunSQL("ALTER TABLE partners_bucket SET UNLOGGED", "ALTER TABLE partners_bucket SET LOGGED"),
    ]
