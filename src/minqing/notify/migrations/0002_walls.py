from django.db import migrations

from minqing.privacy.rls import is_setting, is_system, wall

# whoever it is about, and the job that tells them
OWN = f"{is_setting('account', 'account', 'uuid')} OR {is_system('notify')}"


class Migration(migrations.Migration):
    dependencies = [("notify", "0001_initial")]
    operations = [
        wall("notify_address", OWN),
        wall("notify_choice", OWN),
        wall("notify_notice", OWN),
        wall("notify_outgoing", is_system("notify")),
    ]
