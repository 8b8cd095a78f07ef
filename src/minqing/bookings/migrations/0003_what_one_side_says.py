"""What one side says of the other waits for its word: such a booking keeps its time, and who acts for it sees it."""

from importlib import import_module

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from minqing.privacy.rls import IN_AREAS, InOne, policy

_former = import_module("minqing.bookings.migrations.0002_hands_for_a_while")
OPEN = "state IN ('arrived', 'booked', 'done', 'doubted', 'fail_said', 'miss_said', 'offered')"
LATELY = _former.LATELY.replace(_former.OPEN, OPEN)


def seen(lately: str) -> str:
    wall = f"{IN_AREAS} OR {_former.HOME} OR ({_former.HAND} AND {lately})"
    return policy("bookings_booking", wall, wall)


DROP = "DROP POLICY wall ON bookings_booking"


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0002_hands_for_a_while"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("booking", "urged_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "booking",
            "spoken_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        InOne([DROP, seen(LATELY)], [DROP, seen(_former.LATELY)]),
        migrations.RemoveConstraint(model_name="booking", name="bookings_no_two"),
        migrations.AddConstraint(
            model_name="booking",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["arrived", "booked", "confirmed", "done", "doubted", "fail_said", "miss_said", "offered"],
                    )
                ),
                expressions=[
                    (models.Func("provider", "provider", models.Value("[]"), function="int8range"), "&&"),
                    (models.Func("begins_at", "ends_at", function="tstzrange"), "&&"),
                ],
                name="bookings_no_two",
            ),
        ),
    ]
