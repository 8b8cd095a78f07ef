from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0019_clock_norm")]

    operations = [
        migrations.AddField(model_name="exportrequest", name="post", field=models.UUIDField(null=True)),
    ]
