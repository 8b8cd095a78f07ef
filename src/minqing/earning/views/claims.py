"""The staff's pages of claims: list, keyed in from paper, one claim and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minqing.core import clock
from minqing.core.errors import NotFound
from minqing.earning import queries
from minqing.earning.enums import Move
from minqing.earning.forms.claims import PaperForm
from minqing.earning.forms.moves import MOVES
from minqing.earning.lists import CLAIMS
from minqing.earning.models import Claim
from minqing.earning.rules import MAKES, SEES
from minqing.files.responses import picture_response
from minqing.households.queries import members_of, search_households, visible_household
from minqing.listing.views import list_page
from minqing.org.access import PageRequest, looked, page
from minqing.org.enums import FIELD
from minqing.web.moves import MoveForm, MoveRow
from minqing.web.query_params import asked_id

claims = list_page(CLAIMS)


@page(roles=FIELD)
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: PageRequest) -> HttpResponse:
    """On paper: first the household, then what was done."""
    actor, text, chosen = request.actor, request.GET.get("text", ""), request.GET.get("household", "")
    if not chosen:
        rows = search_households(actor, text).rows if text else []
        return render(request, "earning/whom.html", {"text": text, "rows": rows})
    household = visible_household(actor, asked_id(request.GET, "household"))
    groups = queries.by_category(queries.claimable_versions())
    form = PaperForm(request.POST or None, members=members_of(actor, household.pk), groups=groups)
    if request.method == "POST" and form.is_valid() and (made := form.apply(household=household, by=actor)):
        messages.success(request, _("Taken in. Somebody else confirms it."))
        return redirect("earning:detail", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "earning/new.html", {"form": form, "household": household}, status=status)


@page(roles=SEES)
@require_safe
def detail(request: PageRequest, claim_id: UUID) -> HttpResponse:
    """One claim: what was done, where it stands, what can be done now. That it was looked at is journalled.

    A leader, who is told of an objection that is late, sees where it hangs and not whose it is.
    """
    row = queries.claim_for(request.actor, claim_id)
    looked(request, "earning.claim.looked_at", f"claim:{row.pk}", number=row.number)
    return detail_page(request, row)


def detail_page(request: PageRequest, row: Claim, *, form: MoveForm | None = None, status: int = 200) -> HttpResponse:
    context: dict[str, object] = {
        "row": row,
        "names": request.actor.has(*FIELD),
        "pictures": queries.pictures_of(row) if request.actor.has(*FIELD) else [],
        "offers": MOVES.offers(row, request.actor, form),
        "due": queries.dues(clock.now())(row),
        "not_now": dict.fromkeys(one.reason for one in MOVES.not_now(row, request.actor)),
    }
    return render(request, "earning/detail.html", context, status=status)


def view_of(one: MoveRow[Claim, Move]) -> Callable[..., HttpResponseBase]:
    """The address of one move, for the posts that may ever make it."""

    @page(roles=MAKES[one.move])
    @require_POST
    def view(request: PageRequest, claim_id: UUID) -> HttpResponse:
        row = queries.claim_for(request.actor, claim_id)
        return MOVES.sent(
            request,
            one.named,
            row,
            request.actor,
            done=lambda: redirect("earning:detail", row.pk),
            again=lambda form: detail_page(request, row, form=form, status=422),
        )

    return view


moves = {one.named: view_of(one) for one in MOVES.rows}


@page(roles=FIELD)
@require_safe
def photo(request: PageRequest, claim_id: UUID, photo_id: UUID) -> HttpResponse:
    row = queries.claim_for(request.actor, claim_id)
    if photo_id not in queries.pictures_of(row):
        raise NotFound("photo")
    return picture_response(attachment_id=photo_id, thumbnail="small" in request.GET)
