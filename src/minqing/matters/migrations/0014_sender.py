from django.db import migrations, models

from minqing.privacy.rls import IN_AREAS, OPENS_CONFIDENTIAL, in_any_unit, in_units, is_setting

OTHERS = f"{in_units('lead_unit_id')} OR {is_setting('ticket', 'ticket')} OR {in_any_unit('supporting')}"
FORMER = f"({IN_AREAS} AND (NOT confidential OR {OPENS_CONFIDENTIAL})) OR {OTHERS}"
# as before; but another system is shown what it sent in itself
OWN = is_setting("sender", "sender", "uuid")
SEEN = f"({IN_AREAS} AND (NOT confidential OR {OPENS_CONFIDENTIAL} OR {OWN})) OR {OTHERS}"
# the first step has the matter's own id, and says who sent it in; the wall stands before the owner too
FILL = (
    "UPDATE matters_matter m SET sender = substr(s.by, 9)::uuid FROM matters_step s "
    "WHERE s.id = m.id AND s.by LIKE 'partner:%'"
)


def walls(word: str) -> list[str]:
    return [f"ALTER TABLE {table} {word} ROW LEVEL SECURITY" for table in ("matters_matter", "matters_step")]


def policy(seen: str) -> list[str]:
    return [
        "DROP POLICY wall ON matters_matter",
        f"CREATE POLICY wall ON matters_matter USING ({seen}) WITH CHECK ({seen})",
    ]


class Migration(migrations.Migration):
    dependencies = [("matters", "0013_objection")]
    operations = [
        migrations.AddField("matter", "sender", models.UUIDField(blank=True, null=True)),
        migrations.RunSQL(
            [*walls("NO FORCE"), FILL, "SET CONSTRAINTS ALL IMMEDIATE", *walls("FORCE")], migrations.RunSQL.noop
        ),
        migrations.RunSQL(policy(SEEN), policy(FORMER)),
    ]
