"""What can be done with a request, one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.org.queries import who_changed
from minqing.rights import queries, services
from minqing.rights.enums import Move, Proof, RequestKind
from minqing.rights.forms.staff import NOT_ON_FILE, words
from minqing.rights.models import Request
from minqing.rights.rules import LONGEST_WORDS, may
from minqing.web.moves import MoveForm, MoveRow, MoveTable, Said

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class CheckForm(MoveForm):
    """What was shown, and who on file that is."""

    proof = forms.ChoiceField(
        label=_("What was shown"), choices=[(one.value, one.label) for one in Proof], widget=forms.RadioSelect
    )
    resident = forms.ChoiceField(label=_("Who on file is it?"), widget=forms.RadioSelect)
    guardianship_shown = forms.BooleanField(
        label=_("The document of the one who asks for another was shown too"), required=False
    )
    phone_shown = forms.BooleanField(
        required=False,
        help_text=_("Without this, nothing that was reported under the number is shown, changed or deleted."),
    )

    def about(self, row: Request, by: Actor) -> None:
        members = queries.members_here(by, row)
        people = [(str(one.id), " ".join(filter(None, (one.name, one.identity_number, one.phone)))) for one in members]
        self.fields["resident"].choices = [*people, (NOT_ON_FILE, _("Somebody without a file"))]  # type: ignore[attr-defined]
        self.fields["resident"].initial = str(row.resident_id) if row.resident_id else None
        if not row.guardianship:
            del self.fields["guardianship_shown"]
        label = _("%(phone)s was called in front of you, and this person answered") % {"phone": row.phone}
        on_file = _("The number in this person's file was called in front of you, and this person answered")
        self.fields["phone_shown"].label = label if row.phone else on_file


def reasons() -> forms.CharField:
    return forms.CharField(
        label=_("Reasons"),
        max_length=LONGEST_WORDS,
        widget=words(4),
        help_text=_("They stand in the letter: write as to the person. Of an explanation they are the explanation."),
    )


class DecideForm(MoveForm):
    """Granted or not, and why."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=[("grant", _("Grant")), ("refuse", _("Refuse"))], widget=forms.RadioSelect
    )
    reasons = reasons()


class RejectForm(MoveForm):
    """Nobody has shown who they are."""

    reasons = reasons()


def checked(row: Request, said: Said, by: Actor) -> Request:
    return services.check_identity(
        request=row,
        proof=Proof(said["proof"]),
        resident_id=None if said["resident"] == NOT_ON_FILE else UUID(said["resident"]),
        guardianship_shown=said.get("guardianship_shown", False),
        phone_shown=said["phone_shown"],
        by=by,
    )


def is_granted(said: Said) -> bool:
    return said.get("decision") != "refuse"


# what carrying it out does, and what noting the answer does: said before the press
CARRIES_OUT: Final = {
    RequestKind.COPY: _("Lay the copy ready? It can be fetched until the letter is handed over."),
    RequestKind.CORRECT: _("Change the file as the person asks? It changes everywhere at once."),
    RequestKind.DELETE: _("Delete everything about this person? It cannot come back."),
    RequestKind.OBJECT: _("Stop using this person's data as asked? Nothing is sent to the person any more."),
    RequestKind.EXPLAIN: _("Note that it is explained? The reasons stand in the letter as the explanation."),
    RequestKind.WITHDRAW: _("End the consent as asked? Nothing is sent to the person any more."),
}


def sure_of_answer(row: Request) -> StrOrPromise:
    if row.kind == RequestKind.COPY:
        return _("Was the letter handed over? The copy cannot be fetched any more afterwards.")
    if row.kind == RequestKind.DELETE:
        return _("Was the letter handed over? Only the number, the days and who decided stay afterwards.")
    return _("Was the letter handed over? The request ends with that.")


MOVES: Final = MoveTable[Request, Move](
    address=lambda row, verb: reverse(f"rights:{verb}", args=[row.pk]),
    subject=lambda row: f"rights:{row.pk}",
    version=lambda row, _move: [row.state, row.changed_at],
    told=who_changed,
    opens=lambda move, row: queries.is_open(row, move),
    may=lambda move, by, row: may(move, by, row.situation),
    rows=(
        MoveRow(move=Move.CHECK, make=checked, form=CheckForm, main=True),
        MoveRow(
            move=Move.GRANT,
            verb="decide",
            label=_("Decide"),
            which=lambda _row, said: Move.GRANT if is_granted(said) else Move.REFUSE,
            make=lambda row, said, by: services.decide_request(
                request=row, grant=is_granted(said), reasons=said["reasons"], by=by
            ),
            form=DecideForm,
            main=True,
        ),
        MoveRow(
            move=Move.REJECT,
            make=lambda row, said, by: services.reject_identity(request=row, reasons=said["reasons"], by=by),
            form=RejectForm,
        ),
        MoveRow(
            move=Move.CARRY_OUT,
            make=lambda row, _said, by: services.carry_out_request(request=row, by=by),
            main=True,
            sure=lambda row: CARRIES_OUT[RequestKind(row.kind)],
        ),
        MoveRow(
            move=Move.ANSWER,
            make=lambda row, _said, by: services.answer_request(request=row, by=by),
            main=True,
            sure=sure_of_answer,
        ),
        MoveRow(
            move=Move.TAKE_BACK,
            make=lambda row, _said, by: services.take_back_request(request=row, by=by),
            folded=True,
            sure=lambda _row: _("Take the request back? It ends, and the person may ask anew."),
        ),
    ),
)
