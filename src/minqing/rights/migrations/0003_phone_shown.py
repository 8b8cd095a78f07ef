from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rights", "0002_walls")]

    operations = [
        migrations.AddField(
            model_name="request",
            name="phone_shown",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
