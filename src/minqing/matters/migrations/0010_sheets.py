from django.db import migrations, models

import minqing.core.ids


class Migration(migrations.Migration):
    dependencies = [("matters", "0009_confidential")]
    operations = [
        migrations.CreateModel(
            name="SheetTemplate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("content", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("uploaded_at", models.DateTimeField()),
                ("by", models.CharField(max_length=120)),
            ],
        ),
        migrations.AddIndex(
            model_name="sheettemplate",
            index=models.Index(fields=["uploaded_at"], name="matters_she_uploade_9a9602_idx"),
        ),
    ]
