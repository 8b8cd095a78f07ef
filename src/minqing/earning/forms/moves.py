"""What can be done with a claim, one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.earning import queries, services
from minqing.earning.enums import Move, State, Way
from minqing.earning.forms.claims import HOUSEHOLD, whose
from minqing.earning.lifecycle import CLAIM
from minqing.earning.models import Claim
from minqing.earning.queries.budgets import purse_for
from minqing.earning.rules import LONGEST_WORDS, confirming, is_in_time, may, may_pay
from minqing.org.queries import who_changed
from minqing.web.moves import MoveForm, MoveRow, MoveTable, Said

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ThankForm(MoveForm):
    """Whose account is thanked."""

    resident = forms.ChoiceField(label=_("Who is thanked?"), widget=forms.RadioSelect)

    def about(self, row: Claim, by: Actor) -> None:
        members = queries.members_here(by, row)
        together = not row.version.is_of_person
        choices = whose(members, together=together)
        own = str(row.resident_id) if row.resident_id else None
        # whoever has moved meanwhile has done it all the same
        if own and own not in dict(choices):
            choices.insert(0, (own, gettext("%(name)s, who has moved: their own account") % {"name": row.name}))
        named = next((str(one.id) for one in members if one.name == row.name), None)
        keyed = HOUSEHOLD if together and row.way == Way.PAPER else None
        field = self.fields["resident"]
        field.choices = choices  # type: ignore[attr-defined]
        field.initial = own or named or keyed
        if field.initial is None and row.name:
            field.help_text = gettext("Nobody of this household is called %(name)s now. Ask whose account it is.") % {
                "name": row.name
            }


class ReasonsForm(MoveForm):
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads them: write as to the person."),
    )


class AppealForm(MoveForm):
    """What is said against a refusal: by the person behind their private link, or as told to the staff."""

    words = forms.CharField(
        label=_("Why it should be confirmed"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )


def thanked(said: Said) -> UUID | None:
    return None if said["resident"] == HOUSEHOLD else UUID(said["resident"])


def opens(move: Move, row: Claim) -> bool:
    """Whether the claim's state has the move at all, whoever makes it."""
    if move is Move.PASS and not row.situation.drawn:
        return False
    if move is Move.APPEAL and not is_in_time(row.decided_at, clock.now()):
        return False
    return CLAIM.target(State(row.state), move) is not None


def says(text: StrOrPromise) -> Callable[[Claim], StrOrPromise]:
    return lambda _row: text


def of_two(row: Claim) -> StrOrPromise:
    if confirming(row.situation) is Move.VOUCH:
        return _("So many points are given once a second person has confirmed it too.")
    return ""


def may_now(move: Move, by: Actor, row: Claim) -> Decision:
    """The rule, and whether what pays for it has enough left."""
    decision = may(move, by, row.situation)
    if decision and move in {Move.CONFIRM, Move.GRANT}:
        return may_pay(purse_for(row.version), row.version.points)
    return decision


MOVES: Final = MoveTable[Claim, Move](
    address=lambda row, verb: reverse(f"earning:{verb}", args=[row.pk]),
    subject=lambda row: f"claim:{row.pk}",
    version=lambda row, _move: [row.state, row.changed_at],
    told=who_changed,
    opens=opens,
    may=may_now,
    rows=(
        MoveRow(
            move=Move.CONFIRM,
            which=lambda row, _said: confirming(row.situation),
            make=lambda row, said, by: services.confirm_claim(claim=row, resident_id=thanked(said), by=by),
            form=ThankForm,
            main=True,
            note=of_two,
        ),
        MoveRow(
            move=Move.REFUSE,
            make=lambda row, said, by: services.refuse_claim(claim=row, reasons=said["reasons"], by=by),
            form=ReasonsForm,
        ),
        MoveRow(
            move=Move.CORRECT,
            make=lambda row, said, by: services.correct_claim(claim=row, reasons=said["reasons"], by=by),
            form=ReasonsForm,
            note=says(_("The points go back; what was spent of them the county carries. The person reads why.")),
        ),
        MoveRow(
            move=Move.APPEAL,
            make=lambda row, said, by: services.appeal_claim(claim=row, words=said["words"], by=by),
            form=AppealForm,
            note=says(_("As the person told you. Somebody else decides on it.")),
        ),
        MoveRow(
            move=Move.GRANT,
            make=lambda row, said, by: services.grant_appeal(claim=row, resident_id=thanked(said), by=by),
            form=ThankForm,
            main=True,
        ),
        MoveRow(
            move=Move.UPHOLD,
            make=lambda row, said, by: services.uphold_refusal(claim=row, reasons=said["reasons"], by=by),
            form=ReasonsForm,
        ),
        MoveRow(
            move=Move.PASS,
            make=lambda row, _said, by: services.pass_claim(claim=row, by=by),
            main=True,
            note=says(
                _(
                    "Given by itself, and drawn by lot or its matter was opened again. Ask whether it happened; "
                    "if not, the clerk takes it back."
                )
            ),
        ),
    ),
)
# behind the private link, whose holder may, nobody is told who of the staff had it in hand
OWN_MOVES: Final = replace(MOVES, told=lambda _subject: (), may=lambda _move, _by, _row: Decision.yes())
