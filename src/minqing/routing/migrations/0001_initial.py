"""Who gets a matter leaves the room of matters, with its rules, cases, trials and notes, their walls and edition."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import minqing.core.ids

TABLES = ("routeset", "route", "routecase", "routereplay", "routing")
INDEXES = {
    "matters_rou_mark_61f672_idx": "routing_route_mark",
    "matters_rou_matter__2e1eaf_idx": "routing_of_matter",
    "matters_rou_route_i_bcf963_idx": "routing_by_route",
}
MOVED = [
    *(f"ALTER TABLE matters_{name} RENAME TO routing_{name}" for name in TABLES),
    *(f"ALTER INDEX {before} RENAME TO {after}" for before, after in INDEXES.items()),
    "UPDATE core_edition SET name = 'routing_routeset' WHERE name = 'matters_routeset'",
]
BACK = [
    "UPDATE core_edition SET name = 'matters_routeset' WHERE name = 'routing_routeset'",
    *(f"ALTER INDEX {after} RENAME TO {before}" for before, after in INDEXES.items()),
    *(f"ALTER TABLE routing_{name} RENAME TO matters_{name}" for name in TABLES),
]
CASCADE = django.db.models.deletion.CASCADE


def key() -> models.UUIDField:
    return models.UUIDField(default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False)


def to(model: str, related_name: str = "+", **options: object) -> models.ForeignKey:
    values: dict[str, object] = {
        "on_delete": django.db.models.deletion.PROTECT,
        "related_name": related_name,
        "to": model,
    }
    return models.ForeignKey(**values | options)


def perhaps(model: str, related_name: str = "+") -> models.ForeignKey:
    return to(model, related_name, blank=True, null=True)


SETS = migrations.CreateModel(
    name="RouteSet",
    fields=[
        ("id", key()),
        ("number", models.PositiveIntegerField()),
        ("state", models.CharField(default="draft", max_length=8)),
        ("note", models.CharField(blank=True, max_length=200)),
        ("made_by", models.CharField(max_length=120)),
        ("made_at", models.DateTimeField()),
        ("live_at", models.DateTimeField(blank=True, null=True)),
        ("area", to("org.area")),
    ],
    options={
        "constraints": [
            models.UniqueConstraint(fields=("area", "number"), name="route_set_number_once"),
            models.UniqueConstraint(
                condition=models.Q(("state", "live")), fields=("area",), name="route_set_live_once"
            ),
            models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("area",), name="route_set_draft_once"
            ),
        ]
    },
)
ROUTES = migrations.CreateModel(
    name="Route",
    fields=[
        ("id", key()),
        ("order", models.PositiveIntegerField()),
        ("name", models.CharField(max_length=60)),
        ("condition", models.JSONField(default=dict)),
        ("unit_expression", models.CharField(blank=True, max_length=80)),
        ("mechanism", models.CharField(blank=True, max_length=12)),
        ("days", models.PositiveSmallIntegerField(blank=True, null=True)),
        ("stop", models.BooleanField(default=True)),
        ("mark", models.CharField(max_length=32)),
        ("unit", perhaps("org.unit")),
        ("set", to("routing.routeset", "routes", on_delete=CASCADE)),
    ],
    options={"ordering": ["order", "id"], "indexes": [models.Index(fields=["mark"], name="routing_route_mark")]},
)
CASES = migrations.CreateModel(
    name="RouteCase",
    fields=[
        ("id", key()),
        ("title", models.CharField(max_length=200)),
        ("text", models.TextField(blank=True)),
        ("at", models.DateTimeField()),
        ("channel", models.CharField(default="counter", max_length=10)),
        ("answers", models.JSONField(default=dict)),
        ("area", to("org.area")),
        ("category", perhaps("matters.category")),
        ("place", to("org.area")),
        ("unit", to("org.unit")),
        ("set", to("routing.routeset", "cases", on_delete=CASCADE)),
    ],
    options={"ordering": ["id"]},
)
TRIALS = migrations.CreateModel(
    name="RouteReplay",
    fields=[
        ("id", key()),
        ("digest", models.CharField(max_length=64)),
        ("at", models.DateTimeField()),
        ("by", models.CharField(max_length=120)),
        ("figures", models.JSONField(default=dict)),
        ("moved", models.JSONField(default=list)),
        ("area", to("org.area")),
        ("against", perhaps("routing.routeset")),
        ("set", to("routing.routeset", "replays", on_delete=CASCADE)),
    ],
)
NOTES = migrations.CreateModel(
    name="Routing",
    fields=[
        ("id", key()),
        ("source", models.CharField(max_length=8)),
        ("because", models.JSONField(default=dict)),
        ("at", models.DateTimeField()),
        ("area", to("org.area")),
        ("chosen", to("org.unit")),
        ("matter", to("matters.matter", "routings", on_delete=CASCADE)),
        ("route", perhaps("routing.route", "routings")),
        ("set", perhaps("routing.routeset")),
        ("step", models.OneToOneField(on_delete=CASCADE, related_name="routing", to="matters.step")),
        ("suggested", perhaps("org.unit")),
    ],
    options={
        "indexes": [
            models.Index(fields=["matter", "at"], name="routing_of_matter"),
            models.Index(fields=["route", "at"], name="routing_by_route"),
        ]
    },
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("matters", "0034_areas_looked_up"), ("org", "0005_rights_from_posts_alone")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MOVED, BACK)],
            state_operations=[SETS, ROUTES, CASES, TRIALS, NOTES],
        ),
    ]
