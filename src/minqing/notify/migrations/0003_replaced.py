from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notify", "0002_walls")]
    operations = [
        migrations.AddField(
            model_name="notice",
            name="replaced_by",
            field=models.UUIDField(blank=True, null=True),
        )
    ]
