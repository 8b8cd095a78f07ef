"""An activity from its draft to its end.

Locks: the activity, then sign-ups, then households by name and the ledger's own (``earning``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.activities import rules
from minqing.activities.enums import Move, State
from minqing.activities.lifecycle import ACTIVITY
from minqing.activities.models import Activity
from minqing.activities.queries import activity_sent
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Invalid
from minqing.core.formats import check_length
from minqing.earning.queries import givable_together
from minqing.journal.idempotency import sent_once
from minqing.journal.moves import Moves
from minqing.journal.services import Json


class Said(TypedDict, total=False):
    """What is said of an activity; ``function`` is what it is thanked for, by its code."""

    title: str
    words: str
    place: str
    starts_at: datetime
    ends_at: datetime
    sign_up_until: datetime
    function: str
    capacity: int | None


@sent_once(made=lambda given: activity_sent(given["id"]))
def write_activity(*, id: UUID, area_id: int, by: Actor, at: datetime | None = None, **said: Unpack[Said]) -> Activity:
    """A draft, which nobody but the staff of the place sees. Event: ``activities.activity.written``."""
    rules.may_write(by, area_id).require()
    at = at or clock.now()
    row = Activity(id=id, area_id=area_id, written_by_id=by.person, changed_at=at)
    put(row, said)
    return ACTIVITIES.finish(row, Move.WRITE, by=by, at=at)


@transaction.atomic
def change_activity(*, activity: Activity, by: Actor, at: datetime | None = None, **said: Unpack[Said]) -> Activity:
    """Say something else while it is a draft. Event: ``activities.activity.changed``."""
    at, row = at or clock.now(), begin(activity)
    rules.may(Move.CHANGE, by, row.situation(), at).require()
    put(row, said)
    row.save()
    return ACTIVITIES.finish(row, Move.CHANGE, by=by, at=at, changed_at=at)


def put(row: Activity, said: Mapping[str, Any]) -> None:
    """Write down what is said, if it can be. Raises Invalid."""
    lengths = {"title": rules.LONGEST_TITLE, "place": rules.LONGEST_PLACE, "words": rules.LONGEST_WORDS}
    for name, value in said.items():
        if name == "function":
            row.version = version_of(value)
        else:
            setattr(row, name, check_length(clean(value), lengths[name]) if name in lengths else value)
    if not row.title or not row.place:
        raise Invalid("activity_words", _("Say what it is and where."))
    if not row.starts_at < row.ends_at <= row.starts_at + rules.LONGEST:
        raise Invalid("activity_times", _("It ends after it begins, and lasts a month at most."))
    if row.sign_up_until > row.ends_at:
        raise Invalid("activity_until", _("People sign up before it is over."))
    if row.capacity is not None and not 0 < row.capacity <= rules.MOST_PEOPLE:
        raise Invalid("activity_capacity", _("This number of people cannot be."))


def version_of(code: str) -> Any:
    found = givable_together().filter(function=code).first()
    if found is None:
        raise Invalid("function", _("Nobody is thanked for this at present. Choose something else."))
    return found


@transaction.atomic
def publish_activity(*, activity: Activity, by: Actor, at: datetime | None = None) -> Activity:
    """People see it and sign up; the points are those of the function as it is now. Event:
    ``activities.activity.published``.
    """
    at, row = at or clock.now(), begin(activity)
    rules.may(Move.PUBLISH, by, row.situation(), at).require()
    version = version_of(row.version.function_id)
    return ACTIVITIES.finish(row, Move.PUBLISH, by=by, at=at, version=version, changed_at=at)


@transaction.atomic
def cancel_activity(*, activity: Activity, reasons: str, by: Actor, at: datetime | None = None) -> Activity:
    """It does not take place; who has signed up reads why. Event: ``activities.activity.cancelled``."""
    at, row = at or clock.now(), begin(activity)
    rules.may(Move.CANCEL, by, row.situation(), at).require()
    return ACTIVITIES.finish(row, Move.CANCEL, by=by, at=at, reasons=reasoned(reasons), changed_at=at)


def reasoned(reasons: str) -> str:
    if not (text := check_length(clean(reasons), rules.LONGEST_WORDS)):
        raise Invalid("reasons", _("Write why, in words that people understand."))
    return text


@transaction.atomic
def end_activity(*, activity: Activity, by: Actor, at: datetime | None = None) -> Activity:
    """It is over: from now on the list alone says who came. Event: ``activities.activity.ended``."""
    at, row = at or clock.now(), begin(activity)
    rules.may(Move.END, by, row.situation(), at).require()
    return ACTIVITIES.finish(row, Move.END, by=by, at=at, changed_at=at)


def begin(activity: Activity) -> Activity:
    """The row, locked: nobody signs up, withdraws or is checked in meanwhile."""
    return ACTIVITIES.lock(activity.pk)


def event_data(row: Activity) -> dict[str, Json]:
    return {"area": row.area_id, "function": row.version.function_id, "state": row.state}


ACTIVITIES: Final[Moves[Activity, State, Move]] = Moves(
    model=Activity,
    lifecycle=ACTIVITY,
    events={
        Move.WRITE: "activities.activity.written",
        Move.CHANGE: "activities.activity.changed",
        Move.PUBLISH: "activities.activity.published",
        Move.CANCEL: "activities.activity.cancelled",
        Move.END: "activities.activity.ended",
        Move.SETTLE: "activities.activity.settled",
        Move.SEND_BACK: "activities.activity.sent_back",
        Move.THANK: "activities.activity.thanked",
    },
    subject=lambda row: f"activity:{row.pk}",
    event_data=event_data,
    rows=lambda: Activity.objects.select_related("version__function"),
)
