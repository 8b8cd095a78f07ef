from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0020_outside_numbers")]

    operations = [
        migrations.AddField(model_name="exportrequest", name="post", field=models.UUIDField(null=True)),
    ]
