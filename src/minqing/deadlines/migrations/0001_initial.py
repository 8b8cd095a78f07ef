"""Norms, the ladder and reasons to wait leave the room of matters, with their rows, and jobs that wait."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from minqing.core.cache_version import versioned

TABLES = ("norm", "ladderstep", "pauserule")
STAMPED = ("ladderstep", "pauserule")
# what was unique in one room is unique in each
ONCE = {
    "norm": ("norm_once", "room, way, kind", "norm_once", "mechanism, kind"),
    "ladderstep": ("ladder_step_once", "room, rung", "matters_ladderstep_rung_key", "rung"),
    "pauserule": ("pause_rule_once", "room, reason", "matters_pauserule_reason_key", "reason"),
}
TRIGGER = (
    "CREATE TRIGGER stamped AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {} "
    "FOR EACH STATEMENT EXECUTE FUNCTION core_stamp()"
)


def renamed(table: str, before: str, after: str) -> list[str]:
    return [
        f"ALTER TABLE {before}_{table} RENAME TO {after}_{table}",
        f"ALTER SEQUENCE {before}_{table}_id_seq RENAME TO {after}_{table}_id_seq",
        f"ALTER INDEX {before}_{table}_pkey RENAME TO {after}_{table}_pkey",
    ]


def of_each_room(table: str) -> list[str]:
    name, fields, former, _before = ONCE[table]
    own = f"deadlines_{table}"
    return [
        f"ALTER TABLE {own} ADD COLUMN room varchar(20) NOT NULL DEFAULT 'matters'",
        f"ALTER TABLE {own} ALTER COLUMN room DROP DEFAULT",
        f"ALTER TABLE {own} DROP CONSTRAINT {former}",
        f"ALTER TABLE {own} ADD CONSTRAINT {name} UNIQUE ({fields})",
    ]


def of_matters_alone(table: str) -> list[str]:
    name, _fields, former, before = ONCE[table]
    own = f"deadlines_{table}"
    return [
        f"DELETE FROM {own} WHERE room <> 'matters'",  # noqa: S608
        f"ALTER TABLE {own} DROP CONSTRAINT {name}",
        f"ALTER TABLE {own} DROP COLUMN room",
        f"ALTER TABLE {own} ADD CONSTRAINT {former} UNIQUE ({before})",
    ]


def jobs(before: str, after: str) -> list[str]:
    """Those that wait go on under their new name, and what was heard of working time is not heard again."""
    return [
        *(
            f"UPDATE procrastinate_jobs SET task_name = '{after}.{name}', lock = replace(lock, '{before}.', '{after}.'), "  # noqa: S608
            f"queueing_lock = replace(queueing_lock, '{before}.', '{after}.') WHERE task_name = '{before}.{name}'"
            for name in ("ladder", "reckon")
        ),
        f"UPDATE journal_position SET name = '{after}-reckon' WHERE name = '{before}-reckon'",  # noqa: S608
        f"UPDATE journal_parked SET subscriber = '{after}-reckon' WHERE subscriber = '{before}-reckon'",  # noqa: S608
    ]


MOVED = [
    *(f"DROP TRIGGER stamped ON matters_{one}" for one in STAMPED),
    *(f"DELETE FROM core_edition WHERE name = 'matters_{one}'" for one in STAMPED),  # noqa: S608
    *(line for one in TABLES for line in renamed(one, "matters", "deadlines")),
    "ALTER TABLE deadlines_norm RENAME COLUMN mechanism TO way",
    *(line for one in TABLES for line in of_each_room(one)),
]
BACK = [
    "ALTER TABLE deadlines_norm RENAME COLUMN way TO mechanism",
    *(line for one in TABLES for line in of_matters_alone(one)),
    *(line for one in TABLES for line in renamed(one, "deadlines", "matters")),
    *(TRIGGER.format(f"matters_{one}") for one in STAMPED),
    *(f"INSERT INTO core_edition (name, stamp) VALUES ('matters_{one}', gen_random_uuid())" for one in STAMPED),  # noqa: S608
]
LAST = [
    ("version", models.PositiveIntegerField(default=1)),
    ("changed", models.BooleanField(default=False)),
]


def table(
    name: str, fields: list[tuple[str, models.Field]], once: list[str], constraint: str
) -> migrations.CreateModel:
    key = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
    unique = models.UniqueConstraint(fields=once, name=constraint)
    room = models.CharField(max_length=20)
    return migrations.CreateModel(
        name=name, fields=[("id", key), ("room", room), *fields, *LAST], options={"constraints": [unique]}
    )


NORM = table(
    "Norm",
    [
        ("way", models.CharField(max_length=12)),
        ("kind", models.CharField(max_length=16)),
        ("target", models.CharField(max_length=12)),
    ],
    ["room", "way", "kind"],
    "norm_once",
)
LADDER_STEP = table(
    "LadderStep",
    [
        ("rung", models.CharField(max_length=12)),
        ("after", models.CharField(max_length=12)),
        ("used", models.BooleanField(default=True)),
    ],
    ["room", "rung"],
    "ladder_step_once",
)
PAUSE_RULE = table(
    "PauseRule",
    [
        ("reason", models.CharField(max_length=12)),
        ("stops", ArrayField(base_field=models.CharField(max_length=16), size=None)),
        ("longest", models.PositiveSmallIntegerField()),
        ("offered", models.BooleanField(default=True)),
    ],
    ["room", "reason"],
    "pause_rule_once",
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("matters", "0038_routing_left"),
        ("journal", "0004_sealer"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MOVED, BACK)], state_operations=[NORM, LADDER_STEP, PAUSE_RULE]
        ),
        versioned("deadlines_ladderstep", "deadlines_pauserule"),
        migrations.RunSQL(jobs("matters", "deadlines"), jobs("deadlines", "matters")),
    ]
