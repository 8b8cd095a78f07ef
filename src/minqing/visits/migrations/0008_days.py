from django.db import migrations, models
from django.db.models.deletion import PROTECT

from minqing.privacy.rls import IN_AREAS, wall


class Migration(migrations.Migration):
    dependencies = [("org", "0005_rights_from_posts_alone"), ("visits", "0007_areas_looked_up")]
    operations = [
        migrations.CreateModel(
            name="VisitedDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("former", models.DateField(null=True)),
                ("households", models.PositiveIntegerField()),
                ("area", models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="org.area")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("day", "former"), name="visited_counted_once", nulls_distinct=False)
                ],
            },
        ),
        migrations.CreateModel(
            name="StaleVisitDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
            ],
        ),
        migrations.AddIndex("stalevisitday", models.Index(fields=["day"], name="stale_visit_day")),
        # of the whole county: for who has it as an area
        wall("visits_visitedday", IN_AREAS),
    ]
