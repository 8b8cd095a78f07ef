import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("earning", "0005_who_wrote_an_objection_down"), ("points", "0010_past")]

    operations = [
        migrations.CreateModel(
            name="Budget",
            fields=[
                ("code", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("points", models.PositiveIntegerField()),
                ("period", models.CharField(max_length=8)),
                ("filled_on", models.DateField(null=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="points.account"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("points__gt", 0), ("points__lte", 10_000_000)),
                        name="earning_budget_points",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__in", ["month", "quarter", "year"])), name="earning_budget_period"
                    ),
                ],
            },
        ),
        # the one word that there was says what no budget says
        migrations.RemoveField(model_name="functionversion", name="budget"),
        migrations.AddField(
            model_name="functionversion",
            name="budget",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="earning.budget",
            ),
        ),
    ]
