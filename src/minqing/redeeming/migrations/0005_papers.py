import django.db.models.deletion
from django.db import migrations, models


def shop(name: str) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to="redeeming.shop")


class Migration(migrations.Migration):
    dependencies = [("redeeming", "0004_whose_code")]
    operations = [
        migrations.CreateModel(
            name="PaperLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shop", shop("paper")),
                ("day", models.DateField()),
                ("what", models.CharField(max_length=40)),
                ("slip", models.CharField(blank=True, default="", max_length=20)),
                ("count", models.IntegerField()),
                ("points", models.IntegerField()),
                ("brought_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "day", "what", "slip"), name="redeeming_paper_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="Settled",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("shop", shop("settled")),
                ("day", models.DateField()),
                ("what", models.CharField(max_length=40)),
                ("paper_count", models.IntegerField(null=True)),
                ("paper_points", models.IntegerField(null=True)),
                ("ledger_count", models.IntegerField(null=True)),
                ("ledger_points", models.IntegerField(null=True)),
                ("words", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
            ],
            options={"indexes": [models.Index(fields=["shop", "day"], name="settled_of_shop")]},
        ),
    ]
