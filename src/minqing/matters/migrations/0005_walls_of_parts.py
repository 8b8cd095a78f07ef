from django.db import migrations

from minqing.privacy.rls import IN_AREAS, in_any_unit, in_units, is_setting, through, wall

OF_SEEN = through("matter_id", "matters_matter")
FORMER = f"{IN_AREAS} OR {in_units('lead_unit_id')} OR {is_setting('ticket', 'ticket')}"
# the area it is in, the unit that leads or one that supports, or the private link of the one who raised it
SEEN = f"{FORMER} OR {in_any_unit('supporting')}"


def policy(seen: str) -> list[str]:
    return [
        "DROP POLICY wall ON matters_matter",
        f"CREATE POLICY wall ON matters_matter USING ({seen}) WITH CHECK ({seen})",
    ]


class Migration(migrations.Migration):
    dependencies = [("matters", "0004_joint_and_clocks")]
    operations = [
        migrations.RunSQL(policy(SEEN), policy(FORMER)),
        *[
            wall(f"matters_{table}", OF_SEEN)
            for table in ("clock", "pause", "extension", "part", "supervision", "callback")
        ],
    ]
