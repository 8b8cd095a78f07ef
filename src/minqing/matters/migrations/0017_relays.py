from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0016_publication_search")]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="relays",
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
