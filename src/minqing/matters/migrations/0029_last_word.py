"""What the reporter said last stands with the matter, so that no list looks it up matter by matter.

A trigger keeps it, whoever writes: with the owner's rights and the writer's walls, as those of ``0026_day_triggers``.
Whoever writes a confirmation holds its matter, so that two words never pass each other. Run again it makes the same.
"""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from minqing.matters.migrations._batches import BATCH, opened

SAME = """
    m.last_solved IS NOT DISTINCT FROM w.solved AND m.last_satisfaction IS NOT DISTINCT FROM w.satisfaction
    AND m.last_source = coalesce(w.source, '') AND m.last_word_at IS NOT DISTINCT FROM w.at
    AND m.last_declined_at IS NOT DISTINCT FROM d.at
"""
KEEP = f"""
    UPDATE public.matters_matter AS m
    SET last_solved = w.solved, last_satisfaction = w.satisfaction, last_source = coalesce(w.source, ''),
        last_word_at = w.at, last_declined_at = d.at
    FROM (SELECT DISTINCT matter_id FROM {{rows}} AS r) AS r
    LEFT JOIN LATERAL (
        SELECT c.solved, c.satisfaction, c.source, c.at FROM public.matters_confirmation AS c
        WHERE c.matter_id = r.matter_id AND NOT c.declined ORDER BY c.at DESC, c.id DESC LIMIT 1) AS w ON true
    LEFT JOIN LATERAL (
        SELECT c.at FROM public.matters_confirmation AS c
        WHERE c.matter_id = r.matter_id AND c.declined ORDER BY c.at DESC, c.id DESC LIMIT 1) AS d ON true
    WHERE m.id = r.matter_id AND NOT ({SAME})
"""  # noqa: S608  # no word of it comes from outside
ROWS = {
    "insert": ("NEW TABLE AS new_rows", "new_rows"),
    "update": (
        "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "(SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows)",
    ),
    "delete": ("OLD TABLE AS old_rows", "old_rows"),
}


def trigger(event: str) -> migrations.RunSQL:
    known, rows = ROWS[event]
    name = f"matters_last_word_{event}"
    return migrations.RunSQL(
        [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
            f"SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN {KEEP.format(rows=rows)}; RETURN NULL; END $$",
            f"REVOKE EXECUTE ON FUNCTION {name}() FROM PUBLIC",
            f"CREATE OR REPLACE TRIGGER last_word_{event} AFTER {event.upper()} ON matters_confirmation "
            f"REFERENCING {known} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        ],
        [f"DROP TRIGGER last_word_{event} ON matters_confirmation", f"DROP FUNCTION {name}()"],
    )


def backfill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """In pieces, each with its matters locked as every move locks them."""
    matters = apps.get_model("matters", "Matter").objects.using(editor.connection.alias)
    words = apps.get_model("matters", "Confirmation").objects.using(editor.connection.alias)
    with opened(editor.connection):
        ids = list(words.order_by("matter_id").values_list("matter_id", flat=True).distinct())
    for first in range(0, len(ids), BATCH):
        some = ids[first : first + BATCH]
        with opened(editor.connection), editor.connection.cursor() as cursor:
            list(matters.filter(pk__in=some).order_by("pk").select_for_update().values_list("pk"))
            cursor.execute(KEEP.format(rows="(SELECT unnest(%s::uuid[]) AS matter_id)"), [some])


class Migration(migrations.Migration):
    # a piece at a time
    atomic = False
    dependencies = [("matters", "0028_count_of_unit"), ("org", "0005_rights_from_posts_alone")]
    operations = [
        migrations.AddField("matter", "last_solved", models.BooleanField(null=True, editable=False)),
        migrations.AddField("matter", "last_satisfaction", models.PositiveSmallIntegerField(null=True, editable=False)),
        migrations.AddField(
            "matter", "last_source", models.CharField(max_length=8, default="", db_default="", editable=False)
        ),
        migrations.AddField("matter", "last_word_at", models.DateTimeField(null=True, editable=False)),
        migrations.AddField("matter", "last_declined_at", models.DateTimeField(null=True, editable=False)),
        *[trigger(event) for event in ROWS],
        migrations.RunPython(backfill, migrations.RunPython.noop),
    ]
