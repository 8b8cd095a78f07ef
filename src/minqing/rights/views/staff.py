"""The staff's pages of requests: list, take in, one request and what can be done with it, letter and copy."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minqing.core import clock
from minqing.core.errors import NotFound
from minqing.deadlines.enums import Rung, carried_to
from minqing.documents.printing import FILES
from minqing.exports.views import ask
from minqing.households.queries import members_of, search_households, visible_household
from minqing.listing.views import list_page
from minqing.org.access import PageRequest, looked, page
from minqing.org.enums import FIELD
from minqing.org.queries import area_names
from minqing.privacy.subjects import correctable
from minqing.rights import queries
from minqing.rights.enums import Guardianship, Move, Proof, ProofPlace, RequestKind, State
from minqing.rights.forms.moves import MOVES
from minqing.rights.forms.staff import TakeInForm
from minqing.rights.lists import REQUESTS
from minqing.rights.models import Request
from minqing.rights.printing import COPY, LETTER, WITH_COPY, WITH_LETTER, copy_data, letter_data
from minqing.rights.rules import COPIES, DECIDERS, MAKES, NAMES, SEES, may, may_read
from minqing.web.downloads import download, file_name
from minqing.web.forms import was_sent_again
from minqing.web.moves import MoveForm, MoveRow
from minqing.web.query_params import asked_id

export = ask
requests = list_page(REQUESTS)


@page(roles=FIELD)
def take_in(request: PageRequest) -> HttpResponse:
    """On paper: first the household, or that there is no file, then what is asked."""
    actor, text = request.actor, request.GET.get("text", "")
    chosen, none = request.GET.get("household", ""), "none" in request.GET
    if not chosen and not none:
        return render(
            request, "rights/whom.html", {"text": text, "rows": search_households(actor, text).rows if text else []}
        )
    household = visible_household(actor, asked_id(request.GET, "household")) if chosen else None
    form = TakeInForm(
        request.POST or None,
        members=members_of(actor, household.pk) if household else (),
        places=sorted(area_names(actor.areas).items()),
    )
    if request.method == "POST" and form.is_valid() and (made := form.apply(household=household, by=actor)):
        messages.success(
            request,
            _("Taken in. It is to be answered by %(day)s.")
            % {"day": clock.local_date(made.due_at) if made.due_at else ""},
        )
        return redirect("rights:detail", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "rights/new.html", {"form": form, "household": household}, status=status)


@page(roles=SEES)
@require_safe
def detail(request: PageRequest, request_id: UUID) -> HttpResponse:
    """One request: who asks what, where it stands, what can be done now. That it was looked at is journalled."""
    row = queries.request_for(request.actor, request_id)
    looked(request, "rights.request.looked_at", f"rights:{row.pk}", number=row.number)
    return detail_page(request, row)


def detail_page(request: PageRequest, row: Request, *, form: MoveForm | None = None, status: int = 200) -> HttpResponse:
    actor, state = request.actor, State(row.state)
    context: dict[str, object] = {
        "row": row,
        "due": queries.dues(clock.now())(row),
        "rung": carried_to(Rung(row.rung), waiting=True) if queries.is_carried_up(row) else "",
        "guardianship": Guardianship(row.guardianship).label if row.guardianship else "",
        "prove_at": ProofPlace(row.prove_at).label,
        "proof": Proof(row.proof).label if row.proof else "",
        "corrections": [(correctable().get(name, name), value) for name, value in queries.right_values(row).items()],
        "named": actor.has(*NAMES),
        "reads": bool(may_read(actor, row.situation)),
        "steps": queries.way_of(row),
        "offers": MOVES.offers(row, actor, form),
        # what somebody's post can never do is not there at all
        "not_now": [one for one in MOVES.not_now(row, actor) if one.code != "not_your_post"],
        "found": queries.found_for(row) if state in {State.CHECKED, State.GRANTED} and actor.has(*DECIDERS) else [],
        "deletes": row.kind == RequestKind.DELETE,
        "done": queries.done_words(row),
        "letter": state in WITH_LETTER and row.name and may_read(actor, row.situation),
        "to_hand_over": bool(may(Move.ANSWER, actor, row.situation)) and not may_read(actor, row.situation),
        "copy": (RequestKind(row.kind), state) in WITH_COPY and actor.has(*COPIES),
    }
    return render(request, "rights/detail.html", context, status=status)


def back_to(request: PageRequest, row: Request) -> HttpResponse:
    """To the request; to the list for who has visited somebody and sees no more of it."""
    seen = queries.visible_requests(request.actor).filter(pk=row.pk).exists()
    return redirect("rights:detail", row.pk) if seen else redirect("rights:list")


def view_of(one: MoveRow[Request, Move]) -> Callable[..., HttpResponseBase]:
    """The address of one move, for the posts that may ever make it."""

    @page(roles=MAKES[one.move])
    @require_POST
    def view(request: PageRequest, request_id: UUID) -> HttpResponse:
        try:
            row = queries.request_for(request.actor, request_id)
        except NotFound:
            # who has visited somebody sees no more of it, and sends once more what was taken
            if was_sent_again():
                return redirect("rights:list")
            raise
        return MOVES.sent(
            request,
            one.named,
            row,
            request.actor,
            done=lambda: back_to(request, row),
            again=lambda form: detail_page(request, row, form=form, status=422),
        )

    return view


moves = {one.named: view_of(one) for one in MOVES.rows}


@page(roles=NAMES)
@require_safe
def letter(request: PageRequest, request_id: UUID, kind: str) -> HttpResponse:
    """The answer, to be handed over. It repeats the reasons, so that a village's post takes it along closed."""
    row = queries.request_for(request.actor, request_id)
    may_read(request.actor, row.situation).require()
    if State(row.state) not in WITH_LETTER or not row.name or kind not in FILES:
        raise NotFound("letter")
    looked(request, "rights.letter.printed", f"rights:{row.pk}", number=row.number, kind=kind)
    return download(FILES[kind](LETTER, letter_data(row)), file_name(_("Letter of answer"), row.number, suffix=kind))


@page(roles=COPIES)
@require_safe
def copy(request: PageRequest, request_id: UUID, kind: str) -> HttpResponse:
    """All that is held of the person, as it stands now: for people, and as JSON for programs."""
    row = queries.request_for(request.actor, request_id)
    if (RequestKind(row.kind), State(row.state)) not in WITH_COPY or kind not in {*FILES, "json"}:
        raise NotFound("copy")
    looked(request, "rights.copy.taken", f"rights:{row.pk}", number=row.number, kind=kind)
    name = file_name(_("Copy of own data"), row.number, suffix=kind)
    if kind == "json":
        told = {section.code: [dict(one) for one in section.rows] for section in queries.copy_for(row)}
        return download(json.dumps(told, ensure_ascii=False, indent=2).encode(), name)
    return download(FILES[kind](COPY, copy_data(row)), name)
