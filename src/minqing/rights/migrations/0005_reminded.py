"""Reminders and the ladder; and rows that one person checked and decided, when that was allowed, can be changed again.

The constraint of 0004 is not asked of rows as they stand, but of each change of them: to carry one out or to answer it
was refused. They say now themselves what they are.
"""

from django.db import migrations, models

# the wall stands before the owner too
OPEN = "SELECT set_config('minqing.areas', coalesce((SELECT array_agg(id)::text FROM org_area), ''), true)"
ALONE = """
    UPDATE rights_request SET before_four_eyes = true
    WHERE checked_by_id = decided_by_id AND kind IN ('copy', 'delete', 'object', 'withdraw')
"""
# what runs follows the norm that it was promised by, and is looked at from its deadline on; of what is late already those
# above hear from today
LADDER = """
    UPDATE rights_requestclock SET norm = 'promise', escalate_at = due_at,
        heard_from = CASE WHEN due_at < now() THEN now() END
    WHERE stopped_at IS NULL AND target = '15d'
"""


class Migration(migrations.Migration):
    dependencies = [("rights", "0004_four_eyes")]

    operations = [
        migrations.AddField("request", "reminded_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("request", "before_four_eyes", models.BooleanField(db_default=False, default=False)),
        migrations.RemoveConstraint(model_name="request", name="rights_four_eyes"),
        migrations.RunSQL([OPEN, ALONE], migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                name="rights_four_eyes",
                condition=models.Q(before_four_eyes=True)
                | ~models.Q(kind__in=["copy", "delete", "object", "withdraw"])
                | models.Q(checked_by=None)
                | models.Q(decided_by=None)
                | ~models.Q(checked_by=models.F("decided_by")),
            ),
        ),
        migrations.RunSQL([OPEN, LADDER], migrations.RunSQL.noop),
    ]
