from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("redeeming", "0002_shops")]
    operations = [
        migrations.AddField(
            model_name="shop",
            name="closing_words",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        )
    ]
