from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0018_declined")]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="norm",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
    ]
