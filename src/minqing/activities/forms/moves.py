"""What can be done with an activity, one row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.activities import services
from minqing.activities.enums import Move, State
from minqing.activities.lifecycle import ACTIVITY
from minqing.activities.models import Activity
from minqing.activities.queries.activities import Seats, seats_of
from minqing.activities.queries.people import listed_by, who_came
from minqing.activities.rules import LONGEST_WORDS, Situation, confirming, may, needs_second
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.org.queries import who_changed
from minqing.web.moves import MoveForm, MoveRow, MoveTable

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Held:
    """An activity, with how many have a place and came: whether one person's word is enough hangs on that.

    ``came`` is the list that is confirmed as it stood on the page: whom somebody else ticked since has been seen by
    nobody.
    """

    row: Activity
    room: Seats
    by: Actor
    came: Sequence[str] = ()
    listed_by: frozenset[UUID] = frozenset()

    @property
    def situation(self) -> Situation:
        return self.row.situation(self.room.came, self.listed_by)


def held_now(row: Activity, by: Actor) -> Held:
    """As ``by`` has it before them."""
    if row.state not in {State.ENDED, State.SETTLED}:
        return Held(row, seats_of(row), by)
    return Held(row, seats_of(row), by, who_came(row), listed_by(row))


class ReasonsForm(MoveForm):
    reasons = forms.CharField(label=_("Reasons"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 2}))


def subject(row: Activity) -> str:
    return f"activity:{row.pk}"


def version(held: Held, move: Move) -> object:
    came = held.came if move in {Move.SETTLE, Move.THANK} else ()
    return [held.row.state, held.row.changed_at, *came]


def published(_held: Held) -> StrOrPromise:
    return _("The people of the place see it at their door and sign up. The points stay as they are now.")


def looked_at(held: Held) -> StrOrPromise:
    if held.row.state == State.ENDED and confirming(held.by, held.situation) is Move.SETTLE:
        return (
            _("Look at the list first. So many points are given once a second person has looked at it.")
            if needs_second(held.situation)
            else _("Look at the list first. You have a hand in it: the points are given once somebody else has looked.")
        )
    return _("Look at the list first. All who came get their points at once.")


MOVES: Final = MoveTable[Held, Move](
    address=lambda held, verb: reverse("activities:move", args=[held.row.pk, verb]),
    subject=lambda held: subject(held.row),
    version=version,
    told=who_changed,
    opens=lambda move, held: ACTIVITY.target(State(held.row.state), move) is not None,
    may=lambda move, by, held: may(move, by, held.situation, clock.now()),
    rows=(
        MoveRow(
            move=Move.PUBLISH,
            make=lambda held, _said, by: services.publish_activity(activity=held.row, by=by),
            main=True,
            note=published,
        ),
        MoveRow(
            move=Move.END,
            make=lambda held, _said, by: services.end_activity(activity=held.row, by=by),
            main=True,
        ),
        MoveRow(
            move=Move.THANK,
            verb="confirm",
            which=lambda held, _said: confirming(held.by, held.situation),
            make=lambda held, _said, by: services.confirm_attendance(activity=held.row, came=held.came, by=by),
            main=True,
            note=looked_at,
        ),
        MoveRow(
            move=Move.CANCEL,
            make=lambda held, said, by: services.cancel_activity(activity=held.row, reasons=said["reasons"], by=by),
            form=ReasonsForm,
            folded=True,
        ),
        MoveRow(
            move=Move.SEND_BACK,
            make=lambda held, said, by: services.send_back_list(activity=held.row, reasons=said["reasons"], by=by),
            form=ReasonsForm,
            folded=True,
        ),
    ),
)
