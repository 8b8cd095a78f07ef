"""The staff's pages of claims: list, keyed in from paper, one claim and what can be done with it."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minqing.core import clock
from minqing.core.errors import NotFound
from minqing.earning import queries
from minqing.earning.enums import Move, State
from minqing.earning.forms.claims import (
    AppealForm,
    ConfirmForm,
    CorrectForm,
    GrantForm,
    MoveForm,
    PaperForm,
    PassForm,
    RefuseForm,
    UpholdForm,
)
from minqing.earning.lifecycle import CLAIM
from minqing.earning.lists import CLAIMS
from minqing.earning.models import Claim
from minqing.earning.rules import CLERKS, SECONDS, SEES, confirming, is_in_time, may
from minqing.files.responses import picture_response
from minqing.households.queries import members_of, search_households, visible_household
from minqing.listing.views import list_page
from minqing.org.access import PageRequest, looked, page
from minqing.org.enums import FIELD
from minqing.org.queries import who_changed

claims = list_page(CLAIMS)
FORMS: dict[str, type[MoveForm]] = {
    "confirm": ConfirmForm,
    "refuse": RefuseForm,
    "correct": CorrectForm,
    "appeal": AppealForm,
    "grant": GrantForm,
    "uphold": UpholdForm,
    "pass": PassForm,
}
MAIN: frozenset[str] = frozenset({"confirm", "grant", "pass"})


@page(roles=FIELD)
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: PageRequest) -> HttpResponse:
    """On paper: first the household, then what was done."""
    actor, text, chosen = request.actor, request.GET.get("text", ""), request.GET.get("household", "")
    if not chosen:
        rows = search_households(actor, text).rows if text else []
        return render(request, "earning/whom.html", {"text": text, "rows": rows})
    household = visible_household(actor, id_of(chosen))
    groups = queries.by_category(queries.claimable_versions())
    form = PaperForm(request.POST or None, members=members_of(actor, household.pk), groups=groups)
    if request.method == "POST" and form.is_valid() and (made := form.apply(household=household, by=actor)):
        messages.success(request, _("Taken in. Somebody else confirms it."))
        return redirect("earning:detail", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "earning/new.html", {"form": form, "household": household}, status=status)


def id_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("household") from None


@page(roles=SEES)
@require_safe
def detail(request: PageRequest, claim_id: UUID) -> HttpResponse:
    """One claim: what was done, where it stands, what can be done now. That it was looked at is journalled.

    A leader, who is told of an objection that is late, sees where it hangs and not whose it is.
    """
    row = queries.claim_for(request.actor, claim_id)
    looked(request, "earning.claim.looked_at", f"claim:{row.pk}", number=row.number)
    return shown(request, row)


def shown(request: PageRequest, row: Claim, *, form: MoveForm | None = None, status: int = 200) -> HttpResponse:
    decisions = {verb: may(move_of(row, verb), request.actor, row.situation) for verb in FORMS if is_open(row, verb)}
    context: dict[str, Any] = {
        "row": row,
        "names": request.actor.has(*FIELD),
        "pictures": queries.pictures_of(row) if request.actor.has(*FIELD) else [],
        "forms": [
            (verb, move_of(row, verb), form if type(form) is FORMS[verb] else form_of(request, row, verb))
            for verb, decision in decisions.items()
            if decision and not (verb == "appeal" and not is_in_time(row.decided_at, clock.now()))
        ],
        "main": MAIN,
        "due": queries.dues(clock.now())(row),
        "not_now": dict.fromkeys(decision.reason for decision in decisions.values() if not decision),
        "second": move_of(row, "confirm") is Move.VOUCH,
    }
    return render(request, "earning/detail.html", context, status=status)


def move_of(row: Claim, verb: str) -> Move:
    return confirming(row.situation) if verb == "confirm" else Move(verb)


def is_open(row: Claim, verb: str) -> bool:
    """Whether the claim's state allows the move at all, whoever makes it."""
    if verb == "pass" and not row.situation.drawn:
        return False
    return CLAIM.target(State(row.state), move_of(row, verb)) is not None


def form_of(request: PageRequest, row: Claim, verb: str, data: Any = None) -> MoveForm:
    made, subject = FORMS[verb], f"claim:{row.pk}"
    options: dict[str, Any] = {}
    if issubclass(made, ConfirmForm):
        options = {"row": row, "members": queries.members_here(request.actor, row)}
    form = made(data, auto_id=f"{verb}-%s", **options)
    form.stands_at(subject, [row.state, row.changed_at], told=partial(who_changed, subject))
    return form


def sent(request: PageRequest, claim_id: UUID, verb: str) -> HttpResponse:
    row = queries.claim_for(request.actor, claim_id)
    form = form_of(request, row, verb, request.POST)
    if form.is_valid() and form.apply(claim=row, by=request.actor):
        messages.success(request, _("%(done)s.") % {"done": move_of(row, verb).done})
        return redirect("earning:detail", row.pk)
    return shown(request, row, form=form, status=422)


@page(roles=FIELD)
@require_POST
def confirm(request: PageRequest, claim_id: UUID) -> HttpResponse:
    return sent(request, claim_id, "confirm")


@page(roles=FIELD)
@require_POST
def refuse(request: PageRequest, claim_id: UUID) -> HttpResponse:
    return sent(request, claim_id, "refuse")


@page(roles=CLERKS)
@require_POST
def correct(request: PageRequest, claim_id: UUID) -> HttpResponse:
    return sent(request, claim_id, "correct")


@page(roles=FIELD)
@require_POST
def appeal(request: PageRequest, claim_id: UUID) -> HttpResponse:
    """As the person told it."""
    return sent(request, claim_id, "appeal")


@page(roles=SECONDS)
@require_POST
def grant(request: PageRequest, claim_id: UUID) -> HttpResponse:
    return sent(request, claim_id, "grant")


@page(roles=SECONDS)
@require_POST
def uphold(request: PageRequest, claim_id: UUID) -> HttpResponse:
    return sent(request, claim_id, "uphold")


@page(roles=SECONDS)
@require_POST
def look_over(request: PageRequest, claim_id: UUID) -> HttpResponse:
    """What was drawn by lot, and was right."""
    return sent(request, claim_id, "pass")


@page(roles=FIELD)
@require_safe
def photo(request: PageRequest, claim_id: UUID, photo_id: UUID) -> HttpResponse:
    row = queries.claim_for(request.actor, claim_id)
    if photo_id not in queries.pictures_of(row):
        raise NotFound("photo")
    return picture_response(attachment_id=photo_id, thumbnail="small" in request.GET)
