import django.db.models.deletion
from django.db import migrations, models

import minqing.core.ids
import minqing.matters.enums
from minqing.core.cache_version import versioned
from minqing.privacy.rls import IN_AREAS, in_units, wall


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("matters", "0006_edition"),
        ("org", "0003_editions"),
    ]

    operations = [
        migrations.CreateModel(
            name="RouteSet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("state", models.CharField(default="draft", max_length=8)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("made_by", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField()),
                ("live_at", models.DateTimeField(blank=True, null=True)),
                (
                    "area",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.area"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RouteReplay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=120)),
                ("figures", models.JSONField(default=dict)),
                ("moved", models.JSONField(default=list)),
                (
                    "area",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.area"),
                ),
                (
                    "against",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.routeset",
                    ),
                ),
                (
                    "set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="replays", to="matters.routeset"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RouteCase",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("channel", models.CharField(default=minqing.matters.enums.Channel["COUNTER"], max_length=10)),
                ("answers", models.JSONField(default=dict)),
                (
                    "area",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.area"),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.category",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.area"),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"),
                ),
                (
                    "set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cases", to="matters.routeset"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Route",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("order", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("condition", models.JSONField(default=dict)),
                ("unit_expression", models.CharField(blank=True, max_length=80)),
                ("mechanism", models.CharField(blank=True, max_length=12)),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("stop", models.BooleanField(default=True)),
                ("mark", models.CharField(max_length=32)),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
                (
                    "set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="routes", to="matters.routeset"
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Routing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source", models.CharField(max_length=8)),
                ("because", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "area",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.area"),
                ),
                (
                    "chosen",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="routings", to="matters.matter"
                    ),
                ),
                (
                    "route",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="routings",
                        to="matters.route",
                    ),
                ),
                (
                    "set",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.routeset",
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="routing", to="matters.step"
                    ),
                ),
                (
                    "suggested",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="routeset",
            constraint=models.UniqueConstraint(fields=("area", "number"), name="route_set_number_once"),
        ),
        migrations.AddConstraint(
            model_name="routeset",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "live")), fields=("area",), name="route_set_live_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="routeset",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("area",), name="route_set_draft_once"
            ),
        ),
        migrations.AddIndex(
            model_name="route",
            index=models.Index(fields=["mark"], name="matters_rou_mark_61f672_idx"),
        ),
        migrations.AddIndex(
            model_name="routing",
            index=models.Index(fields=["matter", "at"], name="matters_rou_matter__2e1eaf_idx"),
        ),
        migrations.AddIndex(
            model_name="routing",
            index=models.Index(fields=["route", "at"], name="matters_rou_route_i_bcf963_idx"),
        ),
        # rules are read for every matter below them, also by those who see one village: they have no wall.
        # Cases may quote people, a trial names matters, and how a matter came to its unit goes with the matter
        wall("matters_routecase", IN_AREAS),
        wall("matters_routereplay", IN_AREAS),
        wall("matters_routing", f"{IN_AREAS} OR {in_units('chosen_id')}"),
        # which sets are live is kept in each process
        versioned("matters_routeset"),
    ]
