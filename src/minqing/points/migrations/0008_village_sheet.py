import django.db.models.deletion
from django.db import migrations, models

from minqing.privacy.rls import IN_AREAS, wall


class Migration(migrations.Migration):
    dependencies = [("org", "0006_must_change_password"), ("points", "0007_single_transfers")]
    operations = [
        migrations.AddField(
            model_name="holder",
            name="wish",
            field=models.CharField(db_default="usual", default="usual", max_length=5),
        ),
        migrations.CreateModel(
            name="VillageSheet",
            fields=[
                (
                    "area",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="org.area",
                    ),
                ),
                ("naming", models.CharField(max_length=8)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("naming__in", ["number", "surname", "name"])), name="points_sheet_naming"
                    )
                ],
            },
        ),
        wall("points_villagesheet", IN_AREAS),
    ]
