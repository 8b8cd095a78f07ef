"""What can be done with a booking, one row each; and how it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.bookings import services
from minqing.bookings.enums import Move, State
from minqing.bookings.lifecycle import BOOKING
from minqing.bookings.models import Booking
from minqing.bookings.rules import LONGEST_WORDS, may, returned
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.org.queries import who_changed
from minqing.web.forms import Data, OnceSeenMixin, was_sent_again
from minqing.web.moves import MoveForm, MoveRow, MoveTable

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class WhyForm(MoveForm):
    """With words where the other side reads them."""

    words = forms.CharField(label=_("Why"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 2}))


def subject(row: Booking) -> str:
    return f"booking:{row.pk}"


def on_cancel(row: Booking) -> StrOrPromise:
    if row.state != State.BOOKED:
        return ""
    if clock.now() <= row.free_until:
        return all_back(row)
    n = returned(row.price, row.late_share)
    return _("Of %(price)s points %(n)s come back.") % {"price": row.price, "n": n}


def all_back(row: Booking) -> StrOrPromise:
    return _("All %(n)s points come back.") % {"n": row.price} if row.state in {State.BOOKED, State.DOUBTED} else ""


def is_paid(row: Booking) -> StrOrPromise:
    return _("The provider gets the %(n)s points.") % {"n": row.price} if row.state == State.DOUBTED else ""


def on_missed(row: Booking) -> StrOrPromise:
    if row.state != State.DOUBTED:
        return ""
    return _("Of %(price)s points %(n)s come back.") % {"price": row.price, "n": returned(row.price, row.missed_share)}


MOVES: Final = MoveTable[Booking, Move](
    address=lambda row, verb: reverse("bookings:move", args=[row.pk, verb]),
    subject=subject,
    version=lambda row, _move: [row.state, row.changed_at],
    told=who_changed,
    opens=lambda move, row: BOOKING.target(row.situation.state, move) is not None,
    may=lambda move, by, row: may(move, by, row.situation, clock.now()),
    rows=(
        MoveRow(
            move=Move.ACCEPT,
            make=lambda row, _said, by: services.accept_booking(booking=row, by=by),
            main=True,
        ),
        MoveRow(move=Move.LAPSE, make=lambda row, _said, by: services.decline_booking(booking=row, by=by)),
        MoveRow(
            move=Move.CANCEL,
            make=lambda row, _said, by: services.cancel_booking(booking=row, by=by),
            label=_("The household cancels"),
            note=on_cancel,
        ),
        MoveRow(
            move=Move.CALL_OFF,
            make=lambda row, said, by: services.call_off_booking(booking=row, words=said["words"], by=by),
            form=WhyForm,
            label=_("The provider cancels"),
            note=all_back,
        ),
        MoveRow(
            move=Move.ARRIVE,
            make=lambda row, _said, by: services.arrive_booking(booking=row, by=by),
            main=True,
        ),
        MoveRow(
            move=Move.FINISH,
            make=lambda row, _said, by: services.finish_booking(booking=row, by=by),
            main=True,
        ),
        MoveRow(
            move=Move.CONFIRM,
            make=lambda row, _said, by: services.confirm_booking(booking=row, by=by),
            main=True,
            note=is_paid,
        ),
        MoveRow(
            move=Move.DOUBT,
            make=lambda row, said, by: services.doubt_booking(booking=row, words=said["words"], by=by),
            form=WhyForm,
        ),
        MoveRow(move=Move.SAY_MISSED, make=lambda row, _said, by: services.say_missed(booking=row, by=by)),
        MoveRow(move=Move.SAY_NOT_COME, make=lambda row, _said, by: services.say_not_come(booking=row, by=by)),
        MoveRow(
            move=Move.CONTRADICT,
            make=lambda row, said, by: services.contradict_booking(booking=row, words=said["words"], by=by),
            form=WhyForm,
        ),
        MoveRow(move=Move.MISS, make=lambda row, _said, by: services.miss_booking(booking=row, by=by), note=on_missed),
        MoveRow(move=Move.FAIL, make=lambda row, _said, by: services.fail_booking(booking=row, by=by), note=all_back),
        MoveRow(
            move=Move.GIVE_BACK,
            make=lambda row, said, by: services.give_back_points(booking=row, words=said["words"], by=by),
            form=WhyForm,
        ),
    ),
)


# at the door nobody is told who of the staff has changed it, and what becomes of the points stands on its page
OWN_MOVES: Final = replace(
    MOVES, told=lambda _subject: (), rows=tuple(replace(one, label="", note=lambda _row: "") for one in MOVES.rows)
)


class RateForm(OnceSeenMixin):
    satisfied = forms.TypedChoiceField(
        label=_("How was it?"),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        choices=[("yes", _("Satisfied")), ("no", _("Not satisfied"))],
    )
    words = forms.CharField(
        label=_("In words"), required=False, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 2})
    )

    def apply(self, *, booking: Booking, by: Actor) -> Booking | None:
        if was_sent_again():
            return booking
        return self.tried(lambda: services.rate_booking(booking=booking, by=by, **self.cleaned_data))


def rate_form(row: Booking, data: Data = None, *, at_door: bool = False) -> RateForm:
    said = None if row.satisfied is None else ("yes" if row.satisfied else "no")
    form = RateForm(data, initial={"satisfied": said, "words": row.said}, auto_id="id_rate_%s")
    form.stands_at(subject(row), [row.state, row.changed_at], told=lambda: () if at_door else who_changed(subject(row)))
    return form
