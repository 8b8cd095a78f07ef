from django.db import migrations

from minqing.privacy.rls import IN_AREAS, is_setting, through, wall


class Migration(migrations.Migration):
    dependencies = [("rights", "0001_initial")]
    operations = [
        # the area it is in, or the private link of the one who asked
        wall("rights_request", f"{IN_AREAS} OR {is_setting('ticket', 'ticket')}"),
        wall("rights_requestclock", through("request_id", "rights_request")),
        migrations.RunSQL("CREATE SEQUENCE rights_request_number AS bigint", "DROP SEQUENCE rights_request_number"),
    ]
