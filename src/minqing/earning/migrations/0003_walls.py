from django.db import migrations

from minqing.privacy.rls import IN_AREAS, is_setting, through, wall


class Migration(migrations.Migration):
    dependencies = [("earning", "0002_claims")]
    operations = [
        # the area it is in, or the private link of the one who sent it
        wall("earning_claim", f"{IN_AREAS} OR {is_setting('ticket', 'ticket')}"),
        wall("earning_claimphoto", through("claim_id", "earning_claim")),
        wall("earning_award", IN_AREAS),
        migrations.RunSQL("CREATE SEQUENCE earning_claim_number AS bigint", "DROP SEQUENCE earning_claim_number"),
    ]
