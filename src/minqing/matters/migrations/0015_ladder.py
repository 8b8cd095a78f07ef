from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from minqing.core.cache_version import versioned

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("matters", "0014_sender")]

    operations = [
        migrations.CreateModel(
            name="LadderStep",
            fields=[
                ("id", ID),
                ("rung", models.CharField(max_length=12, unique=True)),
                ("after", models.CharField(max_length=12)),
                ("used", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="PauseRule",
            fields=[
                ("id", ID),
                ("reason", models.CharField(max_length=12, unique=True)),
                ("stops", ArrayField(base_field=models.CharField(max_length=16), size=None)),
                ("longest", models.PositiveSmallIntegerField()),
                ("offered", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed", models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name="pause",
            name="stops",
            field=ArrayField(
                base_field=models.CharField(max_length=16), blank=True, db_default=[], default=list, size=None
            ),
        ),
        versioned("matters_ladderstep", "matters_pauserule"),
    ]
