"""What can be done with a hazard, one row each. That it is put right has a page of its own, for its photos."""

from __future__ import annotations

from typing import Final

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.deadlines import Target
from minqing.deadlines.services import MOST_DAYS
from minqing.hazards import services
from minqing.hazards.enums import Charge, Move, Severity, State
from minqing.hazards.forms.finding import SEVERITIES, in_words
from minqing.hazards.lifecycle import HAZARD
from minqing.hazards.models import Hazard
from minqing.hazards.rules import DECIDES, may
from minqing.org.queries import who_changed
from minqing.web.moves import MoveForm, MoveRow, MoveTable


class ConfirmForm(MoveForm):
    """How grave it is, and who is to put it right."""

    severity = forms.ChoiceField(label=_("How grave is it?"), choices=SEVERITIES, widget=forms.RadioSelect)
    charge = forms.ChoiceField(
        label=_("Who puts it right?"),
        choices=[(one.value, one.label) for one in Charge],
        widget=forms.RadioSelect,
        help_text=_("Until when says the term of its severity."),
    )

    def about(self, row: Hazard, by: Actor) -> None:
        self.initial = {**self.initial, "severity": row.severity, "charge": row.charge}


class DismissForm(MoveForm):
    reasons = in_words(_("Why is it none?"))


class SendBackForm(MoveForm):
    reasons = in_words(_("What is still to be done?"))


class AskMoreForm(MoveForm):
    days = forms.IntegerField(label=_("How many more working days"), min_value=1, max_value=MOST_DAYS)
    reasons = in_words(_("Why is it not possible by then?"))


class RefuseMoreForm(MoveForm):
    reasons = in_words(_("Why does the deadline stay?"))


def opens(move: Move, row: Hazard) -> bool:
    """More time is decided about while somebody asks for it, and asked for while nobody does."""
    asked = row.asked_by_id is not None
    fits = asked if move in DECIDES else not (move is Move.ASK_MORE and asked)
    return fits and HAZARD.target(State(row.state), move) is not None


def what_is_asked(row: Hazard) -> str:
    """How much, and why."""
    one = row.more.filter(granted=None).first()
    if one is None:
        return ""
    return str(_("%(days)d working days: %(reason)s")) % {"days": Target.parse(one.more).amount, "reason": one.reason}


MOVES: Final = MoveTable[Hazard, Move](
    address=lambda row, verb: reverse("hazards:move", args=[row.pk, verb]),
    subject=lambda row: f"hazard:{row.pk}",
    version=lambda row, _move: [row.state, row.changed_at],
    told=who_changed,
    opens=opens,
    may=lambda move, by, row: may(move, by, row.situation),
    rows=(
        MoveRow(
            move=Move.GRANT_MORE,
            make=lambda row, _said, by: services.grant_more_time(hazard=row, by=by),
            main=True,
            note=what_is_asked,
        ),
        MoveRow(
            move=Move.REFUSE_MORE,
            make=lambda row, said, by: services.refuse_more_time(hazard=row, reasons=said["reasons"], by=by),
            form=RefuseMoreForm,
            folded=True,
        ),
        MoveRow(
            move=Move.CONFIRM,
            make=lambda row, said, by: services.confirm_hazard(
                hazard=row, severity=Severity(said["severity"]), charge=Charge(said["charge"]), by=by
            ),
            form=ConfirmForm,
            main=True,
        ),
        MoveRow(
            move=Move.CLOSE,
            make=lambda row, _said, by: services.close_hazard(hazard=row, by=by),
            main=True,
            note=lambda _row: _("Look at it, or at the photos, before you close it."),
        ),
        MoveRow(
            move=Move.SEND_BACK,
            make=lambda row, said, by: services.send_back_hazard(hazard=row, reasons=said["reasons"], by=by),
            form=SendBackForm,
            folded=True,
        ),
        MoveRow(
            move=Move.DISMISS,
            make=lambda row, said, by: services.dismiss_hazard(hazard=row, reasons=said["reasons"], by=by),
            form=DismissForm,
            folded=True,
        ),
        MoveRow(
            move=Move.ASK_MORE,
            make=lambda row, said, by: services.ask_more_time(
                hazard=row, days=said["days"], reasons=said["reasons"], by=by
            ),
            form=AskMoreForm,
            folded=True,
        ),
        MoveRow(
            move=Move.RAISE,
            make=lambda row, _said, by: services.raise_hazard(hazard=row, by=by),
            folded=True,
            note=lambda _row: _("For what is too much for the village and the township. It closes with its matter."),
            sure=lambda _row: _("Make a matter of this hazard? A unit then has it, and the village no longer."),
        ),
        MoveRow(
            move=Move.WITHDRAW,
            make=lambda row, _said, by: services.withdraw_hazard(hazard=row, by=by),
            folded=True,
            sure=lambda _row: _("Withdraw this hazard as a mistake? Nobody will look at it any more."),
        ),
    ),
)
