"""Who came is confirmed, by one or two people, and all are thanked in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.activities import rules
from minqing.activities.enums import Move, SignUpState
from minqing.activities.models import Activity, SignUp
from minqing.activities.queries import came_to
from minqing.activities.queries.people import listed_by, who_came
from minqing.activities.services.activities import ACTIVITIES, begin, reasoned
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict
from minqing.earning.services import CameAlong, thank_together
from minqing.journal.services import Json
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as


@transaction.atomic
def confirm_attendance(
    *, activity: Activity, by: Actor, came: Sequence[str] | None = None, at: datetime | None = None
) -> Activity:
    """The list is right. Of many points, and where ``by`` had a hand in the list, the first to say so settles it, and a
    second person gives them.

    ``came`` is the list that ``by`` has seen (``queries.people.who_came``): Conflict where it is another by now.
    Whoever is beyond a limit of the function gets nothing, and the list says so. Events:
    ``activities.activity.settled``, ``activities.activity.thanked``.
    """
    at, row = at or clock.now(), begin(activity)
    situation = row.situation(came_to(row), listed_by(row))
    move = rules.confirming(by, situation)
    rules.may(move, by, situation, at).require()
    if came is not None and list(came) != who_came(row):
        raise Conflict("list_changed", _("Somebody has changed the list meanwhile. Look at it once more."))
    if move is Move.SETTLE:
        return ACTIVITIES.finish(row, move, by=by, at=at, settled_by_id=by.person, reasons="", changed_at=at)
    thanked, beyond = thank_all(row, by, at)
    data: dict[str, Json] = {"thanked": thanked, "beyond": beyond}
    return ACTIVITIES.finish(
        row, move, by=by, at=at, data=data, thanked_by_id=by.person, thanked_at=at, reasons="", changed_at=at
    )


def thank_all(row: Activity, by: Actor, at: datetime) -> tuple[int, int]:
    """How many were thanked, and how many came but are beyond a limit."""
    with acting_as(system_actor("activities")):
        came = list(
            SignUp.objects.select_for_update(of=("self",))
            .filter(activity=row, state=SignUpState.CAME.value)
            .order_by("pk")
        )
        people = [
            CameAlong(one.cause, one.area_id, one.household_id, one.resident_id, one.name)
            for one in came
            # of others nobody knows whose account it is
            if one.household_id and one.resident_id
        ]
        beyond = thank_together(
            version_id=row.version_id,
            happened_on=clock.local_date(row.starts_at),
            people=people,
            by=by,
            first=row.settled_by_id,
            at=at,
        )
        SignUp.objects.filter(pk__in=[one.pk for one in came if one.cause in beyond]).update(beyond=True)
    return len(people) - len(beyond), len(beyond)


@transaction.atomic
def send_back_list(*, activity: Activity, reasons: str, by: Actor, at: datetime | None = None) -> Activity:
    """The second person does not find the list right, and says why. Event: ``activities.activity.sent_back``."""
    at, row = at or clock.now(), begin(activity)
    rules.may(Move.SEND_BACK, by, row.situation(came_to(row), listed_by(row)), at).require()
    text = reasoned(reasons)
    return ACTIVITIES.finish(row, Move.SEND_BACK, by=by, at=at, settled_by_id=None, reasons=text, changed_at=at)
