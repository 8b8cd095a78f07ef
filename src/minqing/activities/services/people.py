"""Signing up, waiting, withdrawing, and who came. The lock of the activity is over all of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.activities import rules
from minqing.activities.codes import is_shown
from minqing.activities.enums import SignUpState, State, Step
from minqing.activities.lifecycle import COMING, SIGN_UP, TAKEN
from minqing.activities.models import Activity, SignUp
from minqing.activities.queries import sign_up_sent
from minqing.activities.services.activities import begin
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, NotFound, Refused
from minqing.households.queries import visible_residents
from minqing.journal.idempotency import sent_once
from minqing.journal.moves import Moves
from minqing.journal.services import Json
from minqing.org.queries import area_path, system_actor
from minqing.privacy.access import acting_as


@sent_once(made=lambda given: sign_up_sent(given["id"]))
def sign_up(*, id: UUID, activity: Activity, resident_id: UUID, by: Actor, at: datetime | None = None) -> SignUp:
    """A place for somebody, or one on the waiting list where there is none left.

    Behind the code at a door by the one whom it shows; for others by those who look after their place. Who has signed
    up already keeps what they have. Events: ``activities.sign_up.made``, ``activities.sign_up.waiting``.
    """
    at, row = at or clock.now(), begin(activity)
    with acting_as(system_actor("activities")) as everywhere:
        person = visible_residents(everywhere).select_related("household").filter(pk=resident_id, left_at=None).first()
        if person is None or person.household is None:
            raise NotFound("no_resident")
        home = person.household
        if by.kind == "resident":
            if by.household != home.pk:
                raise Refused
            rules.may_sign_up(row.situation(), at).require()
        else:
            rules.may_sign_up_others(by, home.area_id, row.situation()).require()
        if not area_path(home.area_id).startswith(area_path(row.area_id)):
            raise Conflict("other_people", _("This activity is for the people of another place."))
        before = SignUp.objects.filter(activity=row, resident=person).exclude(state=SignUpState.WITHDRAWN.value).first()
        if before is not None:
            return before
        made = SignUp(
            pk=id,
            activity=row,
            area_id=home.area_id,
            household=home,
            resident=person,
            name=person.name,
            signed_at=at,
            signed_by_id=by.id if by.kind == "user" else None,
        )
        return SIGN_UPS.finish(made, Step.SIGN_UP if has_room(row) else Step.QUEUE, by=by, at=at)


def has_room(row: Activity) -> bool:
    """Whether a place is free that nobody waits for; after the end there is no waiting."""
    if row.capacity is None or row.state != State.OPEN:
        return True
    taken = SignUp.objects.filter(activity=row, state__in=sorted(TAKEN)).count()
    return taken < row.capacity and not SignUp.objects.filter(activity=row, state=SignUpState.WAITING.value).exists()


@transaction.atomic
def withdraw(*, sign_up: SignUp, by: Actor, at: datetime | None = None) -> SignUp:
    """Somebody does not come after all; the first who waits gets the place.

    Events: ``activities.sign_up.withdrawn``, ``activities.sign_up.moved_up``.
    """
    at, activity = at or clock.now(), begin(sign_up.activity)
    with acting_as(system_actor("activities")):
        row = SIGN_UPS.lock(sign_up.pk)
        if by.kind == "resident":
            if by.household != row.household_id:
                raise Refused
        else:
            rules.may_sign_up_others(by, row.area_id, activity.situation()).require()
        rules.may_withdraw(SignUpState(row.state), activity.situation(), at).require()
        SIGN_UPS.finish(row, Step.WITHDRAW, by=by, at=at)
        move_up(activity, by, at)
        return row


def give_up_places(*, residents: Collection[UUID], by: Actor, at: datetime) -> int:
    """Somebody is erased, whose entries these are: of what is not over they give up their place, and whoever waits next
    gets it. How many.

    Act as one who sees everything. Locks: their activities in order of the ids, then sign-ups.
    Events: ``activities.sign_up.withdrawn``, ``activities.sign_up.moved_up``.
    """
    theirs = SignUp.objects.filter(resident__in=residents)
    coming = theirs.filter(state__in=sorted(COMING), activity__state=State.OPEN.value)
    held = Activity.objects.select_for_update(of=("self",)).filter(pk__in=coming.values("activity")).order_by("pk")
    given_up = 0
    for activity in held:
        # whoever held one of them meanwhile may have ended it, or let the person in
        for row in coming.select_for_update(of=("self",)).filter(activity=activity).order_by("pk"):
            SIGN_UPS.finish(row, Step.WITHDRAW, by=by, at=at)
            given_up += 1
        if at < activity.starts_at:
            move_up(activity, by, at)
    return given_up


def move_up(activity: Activity, by: Actor, at: datetime) -> None:
    """Whoever waits longest has a place now, if there is one."""
    taken = SignUp.objects.filter(activity=activity, state__in=sorted(TAKEN)).count()
    if activity.capacity is not None and taken >= activity.capacity:
        return
    waiting = SignUp.objects.filter(activity=activity, state=SignUpState.WAITING.value).order_by("signed_at", "pk")
    if (first := waiting.first()) is not None:
        SIGN_UPS.finish(SIGN_UPS.lock(first.pk), Step.MOVE_UP, by=by, at=at)


@transaction.atomic
def check_in(*, sign_up: SignUp, by: Actor, at: datetime | None = None) -> SignUp:
    """The organiser has seen that they came. Event: ``activities.sign_up.came``."""
    return listed(sign_up, Step.CHECK_IN, by, at or clock.now())


@transaction.atomic
def undo_check_in(*, sign_up: SignUp, by: Actor, at: datetime | None = None) -> SignUp:
    """That was a mistake. Event: ``activities.sign_up.undone``."""
    return listed(sign_up, Step.UNDO, by, at or clock.now())


def listed(sign_up: SignUp, step: Step, by: Actor, at: datetime) -> SignUp:
    activity = begin(sign_up.activity)
    rules.may_list(by, activity.situation(), at).require()
    listed_by = by.person if step is Step.CHECK_IN else None
    return SIGN_UPS.finish(SIGN_UPS.lock(sign_up.pk), step, by=by, at=at, listed_by_id=listed_by)


@transaction.atomic
def check_in_by_code(*, sign_up: SignUp, digits: str, by: Actor, at: datetime | None = None) -> SignUp:
    """Somebody read the code off the organiser's screen; twice is once. Event: ``activities.sign_up.came``."""
    at, activity = at or clock.now(), begin(sign_up.activity)
    rules.may_check_in(activity.situation(), at).require()
    if not is_shown(activity.pk, digits, at):
        raise Invalid("code_not_shown", _("This is not the code on the screen. It changes each minute: look again."))
    with acting_as(system_actor("activities")):
        row = SIGN_UPS.lock(sign_up.pk)
        if by.kind != "resident" or by.household != row.household_id:
            raise Refused
        if row.state == SignUpState.WAITING:
            raise Conflict("still_waiting", _("You are on the waiting list. Ask the organiser whether there is room."))
        return row if row.state == SignUpState.CAME else SIGN_UPS.finish(row, Step.CHECK_IN, by=by, at=at)


def event_data(row: SignUp) -> dict[str, Json]:
    return {"activity": str(row.activity_id), "state": row.state}


SIGN_UPS: Final[Moves[SignUp, SignUpState, Step]] = Moves(
    model=SignUp,
    lifecycle=SIGN_UP,
    events={
        Step.SIGN_UP: "activities.sign_up.made",
        Step.QUEUE: "activities.sign_up.waiting",
        Step.MOVE_UP: "activities.sign_up.moved_up",
        Step.WITHDRAW: "activities.sign_up.withdrawn",
        Step.CHECK_IN: "activities.sign_up.came",
        Step.UNDO: "activities.sign_up.undone",
    },
    subject=lambda row: f"sign_up:{row.pk}",
    event_data=event_data,
)
