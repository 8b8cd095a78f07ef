from django.db import migrations, models

from minqing.privacy.rls import IN_AREAS, OPENS_CONFIDENTIAL, in_any_unit, in_units, is_setting

OTHERS = f"{in_units('lead_unit_id')} OR {is_setting('ticket', 'ticket')} OR {in_any_unit('supporting')}"
FORMER = f"{IN_AREAS} OR {OTHERS}"
# as before; but of what is confidential an area opens only to those who may know of it
SEEN = f"({IN_AREAS} AND (NOT confidential OR {OPENS_CONFIDENTIAL})) OR {OTHERS}"


def policy(seen: str) -> list[str]:
    return [
        "DROP POLICY wall ON matters_matter",
        f"CREATE POLICY wall ON matters_matter USING ({seen}) WITH CHECK ({seen})",
    ]


class Migration(migrations.Migration):
    dependencies = [("matters", "0008_publication")]
    operations = [
        migrations.RunSQL(policy(SEEN), policy(FORMER)),
        migrations.AddIndex(
            model_name="reporter",
            index=models.Index(fields=["phone_index"], name="matters_rep_phone_i_6192c1_idx"),
        ),
    ]
