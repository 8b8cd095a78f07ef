"""Whether a household had gone to others when a change of its file came."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0010_file_conflicts")]

    operations = [
        migrations.AddField(
            model_name="fileconflict",
            name="handed",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
