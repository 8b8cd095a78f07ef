from django.db import migrations

from minqing.privacy.rls import IN_AREAS, InOne, is_setting, policy

HOME = is_setting("household_id", "household", "uuid")
HAND = (
    "provider_id IN (SELECT h.provider_id FROM bookings_hand h "  # noqa: S608  # names of ours
    f"WHERE {is_setting('h.account_id', 'account', 'uuid')})"
)
FORMER = f"{IN_AREAS} OR {HOME} OR {HAND}"
# who acts for a provider sees whom it serves while points are held, and two weeks beyond what happened last
OPEN = "state IN ('arrived', 'booked', 'done', 'doubted', 'offered')"
LATELY = f"({OPEN} OR GREATEST(ends_at, changed_at) > now() - interval '14 days')"
OF_DAYS = "day >= (now() AT TIME ZONE 'Asia/Shanghai')::date - 14"


def wall_of(table: str, lately: str) -> InOne:
    seen, drop = f"{IN_AREAS} OR {HOME} OR ({HAND} AND {lately})", f"DROP POLICY wall ON {table}"
    return InOne([drop, policy(table, seen, seen)], [drop, policy(table, FORMER, FORMER)])


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_initial")]
    operations = [wall_of("bookings_booking", LATELY), wall_of("bookings_wait", OF_DAYS)]
