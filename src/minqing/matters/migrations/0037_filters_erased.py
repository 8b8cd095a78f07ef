from django.db import migrations

from minqing.privacy.rls import is_setting, is_system
from minqing.privacy.subjects import ERASER

OWN = is_setting("account_id", "account", "uuid")
# a list that somebody keeps may be named after a person who is erased
SEEN = f"{OWN} OR {is_system(ERASER)}"


def policy(seen: str) -> list[str]:
    return [
        "DROP POLICY wall ON matters_savedfilter",
        f"CREATE POLICY wall ON matters_savedfilter USING ({seen}) WITH CHECK ({seen})",
    ]


class Migration(migrations.Migration):
    dependencies = [("matters", "0036_names_left")]
    operations = [migrations.RunSQL(policy(SEEN), policy(OWN))]
