"""Hazards of a visit are findings of their own room: what was ticked before goes into the diary, in words.

As a finding each old tick would be late from its first day, and nobody has ever been asked about it.
"""

from __future__ import annotations

import django.db.models.deletion
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

import minqing.core.ids
from minqing.privacy.rls import AMONG_AREAS, wall

KINDS = (
    "(VALUES ('fire', '火灾'), ('gas', '燃气'), ('electric', '电线电器'), ('building', '危房'), ('landslide', '山体滑坡'), "
    "('water', '涉水安全'), ('fraud', '诈骗'), ('other', '其他隐患')) AS k (kind, name)"
)
# the wall stands before the owner too
OPEN = "SELECT set_config('minqing.areas', (SELECT array_agg(id) FROM org_area)::text, true)"
SHUT = "SELECT set_config('minqing.areas', '', true)"
INTO_WORDS = f"""
    UPDATE visits_diaryentry e SET text = concat_ws(E'\\n', nullif(e.text, ''), told.words) FROM (
        SELECT h.visit_id, '看到的隐患：' || string_agg(
            coalesce(k.name, h.kind) || CASE WHEN h.note = '' THEN '' ELSE '（' || h.note || '）' END, '；' ORDER BY h.id
        ) AS words
        FROM visits_hazardcheck h LEFT JOIN {KINDS} ON k.kind = h.kind GROUP BY h.visit_id
    ) told WHERE told.visit_id = e.visit_id
"""  # noqa: S608  # no value from outside
# what had no checklist is said in the words of the round
OF_ROUNDS = """
    UPDATE visits_campaign SET
        words = left(concat_ws(E'\\n', nullif(words, ''), CASE WHEN 'fraud' = ANY(hazards) THEN '留意诈骗' END), 500),
        hazards = array(
            SELECT DISTINCT m.code FROM unnest(hazards) one
            JOIN (VALUES ('fire', 'electricity'), ('electric', 'electricity'), ('gas', 'gas'), ('building', 'house'),
                ('landslide', 'geology'), ('water', 'water')) AS m (kind, code) ON m.kind = one ORDER BY m.code
        )
    WHERE cardinality(hazards) > 0
"""


class Migration(migrations.Migration):
    dependencies = [("hazards", "0002_walls"), ("org", "0008_area_changes"), ("visits", "0014_promises")]

    operations = [
        migrations.AlterField(
            model_name="campaign", name="hazards", field=ArrayField(models.CharField(max_length=20), default=list)
        ),
        migrations.RunSQL([OPEN, INTO_WORDS, OF_ROUNDS, SHUT], migrations.RunSQL.noop),
        migrations.DeleteModel(name="HazardCheck"),
        migrations.CreateModel(
            name="VisitHazard",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.area"),
                ),
                (
                    "hazard",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="hazards.hazard"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hazards", to="visits.visit"
                    ),
                ),
            ],
        ),
        wall("visits_visithazard", AMONG_AREAS),
    ]
