"""Who has signed up, as the staff sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When

from minqing.activities.enums import SignUpState
from minqing.activities.models import Activity, SignUp
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.earning.queries import Thanked, thanked_for
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as, one_of

# in this order they stand on the list
IN_TURN = (SignUpState.CAME, SignUpState.IN, SignUpState.WAITING, SignUpState.WITHDRAWN)


def visible_sign_ups(actor: Actor) -> QuerySet[SignUp]:
    """Of the people of the actor's areas."""
    rows = SignUp.objects.all()
    return rows if actor.kind == "system" else rows.filter(one_of("area_id", actor.areas))


def who_came(activity: Activity) -> list[str]:
    """The keys of those who came, for the version of a list that is confirmed; act as one of the place."""
    rows = SignUp.objects.filter(activity=activity, state=SignUpState.CAME.value).order_by("pk")
    return [str(one) for one in rows.values_list("pk", flat=True)]


def listed_by(activity: Activity) -> frozenset[UUID]:
    """Those of the staff who signed up or ticked somebody who came, wherever that somebody lives."""
    with acting_as(system_actor("activities")):
        rows = SignUp.objects.filter(activity=activity, state=SignUpState.CAME.value).order_by()
        found = rows.values_list("signed_by", "listed_by").distinct()
        return frozenset(one for pair in found for one in pair if one is not None)


def sign_up_sent(id: UUID) -> SignUp | None:
    """What the form with this id has made."""
    return SignUp.objects.filter(pk=id).first()


def sign_up_for_staff(actor: Actor, activity: Activity, sign_up_id: UUID) -> SignUp:
    """One of that activity. Raises NotFound for what the actor may not know of."""
    row = visible_sign_ups(actor).filter(activity=activity, pk=sign_up_id).first()
    if row is None:
        raise NotFound("sign_up")
    return row


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list, with what came of it."""

    row: SignUp
    place: SignUpState
    thanked: Thanked | None = None


def in_turn(actor: Actor, activity: Activity) -> QuerySet[SignUp]:
    """Who came, has a place, waits in turn; who withdrew stands last."""
    order = [When(state=one.value, then=Value(at)) for at, one in enumerate(IN_TURN)]
    found = visible_sign_ups(actor).filter(activity=activity).select_related("area", "signed_by")
    return found.order_by(Case(*order, output_field=IntegerField()), "signed_at", "pk")


def listed(actor: Actor, rows: Sequence[SignUp]) -> list[Listed]:
    """Those of one page, with what came of each."""
    thanked = thanked_for(actor, [one.cause for one in rows if one.state == SignUpState.CAME])
    return [Listed(row, SignUpState(row.state), thanked.get(row.cause)) for row in rows]
