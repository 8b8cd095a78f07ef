"""The staff's pages of requests: list, take in, one request and what can be done with it, letter and copy."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minqing.core import clock
from minqing.core.errors import DomainError, NotFound
from minqing.deadlines.enums import Rung, carried_to
from minqing.documents.printing import FILES
from minqing.exports.views import ask
from minqing.households.queries import members_of, search_households, visible_household
from minqing.listing.views import list_page
from minqing.org.access import PageRequest, looked, page
from minqing.org.enums import FIELD
from minqing.org.queries import area_names, who_changed
from minqing.privacy.subjects import correctable
from minqing.rights import queries, services
from minqing.rights.enums import Guardianship, Kind, Move, Place, Proof, State
from minqing.rights.forms.staff import CheckForm, DecideForm, MoveForm, RejectForm, TakeInForm
from minqing.rights.lists import REQUESTS
from minqing.rights.models import Request
from minqing.rights.printing import COPY, LETTER, WITH_COPY, WITH_LETTER, copy_data, letter_data
from minqing.rights.rules import COPIES, DECIDERS, MAKES, NAMES, SEES, may, may_read
from minqing.web.downloads import download, file_name
from minqing.web.forms import Data, Press, was_sent_again

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
    household = visible_household(actor, id_of(chosen)) if chosen else None
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


def id_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("household") from None


@page(roles=SEES)
@require_safe
def detail(request: PageRequest, request_id: UUID) -> HttpResponse:
    """One request: who asks what, where it stands, what can be done now. That it was looked at is journalled."""
    row = queries.request_for(request.actor, request_id)
    looked(request, "rights.request.looked_at", f"rights:{row.pk}", number=row.number)
    return shown(request, row)


def shown(
    request: PageRequest, row: Request, *, form: MoveForm | None = None, error: object = "", status: int = 200
) -> HttpResponse:
    actor, state = request.actor, State(row.state)
    allowed = {move: may(move, actor, row.situation) for move in Move if queries.is_open(row, move)}
    context: dict[str, object] = {
        "row": row,
        "error": error,
        "due": queries.dues(clock.now())(row),
        "rung": carried_to(Rung(row.rung), waiting=True) if queries.is_carried_up(row) else "",
        "guardianship": Guardianship(row.guardianship).label if row.guardianship else "",
        "prove_at": Place(row.prove_at).label,
        "proof": Proof(row.proof).label if row.proof else "",
        "corrections": [(correctable().get(name, name), value) for name, value in queries.right_values(row).items()],
        "named": actor.has(*NAMES),
        "reads": bool(may_read(actor, row.situation)),
        "steps": queries.way_of(row),
        "forms": forms_for(request, row, form),
        "presses": [(move, address_of(move), press_of(row, move)) for move in PRESSES if allowed.get(move)],
        "not_now": [(move, decision.reason) for move, decision in allowed.items() if not decision],
        "found": queries.found_for(row) if state in {State.CHECKED, State.GRANTED} and actor.has(*DECIDERS) else [],
        "done": queries.done_words(row),
        "letter": state in WITH_LETTER and row.name and may_read(actor, row.situation),
        "to_hand_over": bool(allowed.get(Move.ANSWER)) and not may_read(actor, row.situation),
        "copy": (Kind(row.kind), state) in WITH_COPY and actor.has(*COPIES),
    }
    return render(request, "rights/detail.html", context, status=status)


FORMS: dict[Move, type[MoveForm]] = {Move.CHECK: CheckForm, Move.GRANT: DecideForm, Move.REJECT: RejectForm}
PRESSES: dict[Move, Callable[..., Request]] = {
    Move.CARRY_OUT: services.carry_out_request,
    Move.ANSWER: services.answer_request,
    Move.TAKE_BACK: services.take_back_request,
}
VERBS = {Move.GRANT: "decide"}


def address_of(move: Move) -> str:
    return f"rights:{VERBS.get(move, move.value)}"


def forms_for(request: PageRequest, row: Request, sent: MoveForm | None) -> list[tuple[Move, str, MoveForm]]:
    """Those that the actor may send now; the one that was sent with its errors."""
    return [
        (move, address_of(move), sent if isinstance(sent, made) else form_of(request, row, move))
        for move, made in FORMS.items()
        if may(move, request.actor, row.situation)
    ]


def form_of(request: PageRequest, row: Request, move: Move, data: Data = None) -> MoveForm:
    made = FORMS[move]
    options: dict[str, Any] = (
        {"row": row, "members": queries.members_here(request.actor, row)} if made is CheckForm else {}
    )
    form = made(data, prefix=None, **options)
    subject = f"rights:{row.pk}"
    form.stands_at(subject, [row.state, row.changed_at], told=partial(who_changed, subject))
    return form


def press_of(row: Request, move: Move, data: Data = None) -> Press:
    subject = f"rights:{row.pk}"
    return Press(subject, [move, row.state, row.changed_at], told=partial(who_changed, subject), data=data)


def sent(request: PageRequest, request_id: UUID, move: Move) -> HttpResponse:
    try:
        row = queries.request_for(request.actor, request_id)
    except NotFound:
        # who has visited somebody sees no more of it, and sends once more what was taken
        if was_sent_again():
            return redirect("rights:list")
        raise
    form = form_of(request, row, move, request.POST)
    if form.is_valid() and form.apply(request=row, by=request.actor):
        messages.success(request, _("%(done)s.") % {"done": move.done})
        return back_to(request, row)
    return shown(request, row, form=form, status=422)


def pressed(request: PageRequest, request_id: UUID, move: Move) -> HttpResponse:
    row = queries.request_for(request.actor, request_id)
    if press_of(row, move, request.POST).is_new():
        try:
            PRESSES[move](request=row, by=request.actor)
        except DomainError as error:
            if error.http_status not in {409, 422}:
                raise
            return shown(request, row, error=error.sentence, status=error.http_status)
        messages.success(request, _("%(done)s.") % {"done": move.done})
    return back_to(request, row)


def back_to(request: PageRequest, row: Request) -> HttpResponse:
    """To the request; to the list for who has visited somebody and sees no more of it."""
    seen = queries.visible_requests(request.actor).filter(pk=row.pk).exists()
    return redirect("rights:detail", row.pk) if seen else redirect("rights:list")


@page(roles=MAKES[Move.CHECK])
@require_POST
def check(request: PageRequest, request_id: UUID) -> HttpResponse:
    return sent(request, request_id, Move.CHECK)


@page(roles=MAKES[Move.REJECT])
@require_POST
def reject(request: PageRequest, request_id: UUID) -> HttpResponse:
    return sent(request, request_id, Move.REJECT)


@page(roles=DECIDERS)
@require_POST
def decide(request: PageRequest, request_id: UUID) -> HttpResponse:
    return sent(request, request_id, Move.GRANT)


@page(roles=MAKES[Move.CARRY_OUT])
@require_POST
def carry_out(request: PageRequest, request_id: UUID) -> HttpResponse:
    return pressed(request, request_id, Move.CARRY_OUT)


@page(roles=MAKES[Move.ANSWER])
@require_POST
def answer(request: PageRequest, request_id: UUID) -> HttpResponse:
    return pressed(request, request_id, Move.ANSWER)


@page(roles=MAKES[Move.TAKE_BACK])
@require_POST
def take_back(request: PageRequest, request_id: UUID) -> HttpResponse:
    return pressed(request, request_id, Move.TAKE_BACK)


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
    if (Kind(row.kind), State(row.state)) not in WITH_COPY or kind not in {*FILES, "json"}:
        raise NotFound("copy")
    looked(request, "rights.copy.taken", f"rights:{row.pk}", number=row.number, kind=kind)
    name = file_name(_("Copy of own data"), row.number, suffix=kind)
    if kind == "json":
        told = {section.code: [dict(one) for one in section.rows] for section in queries.copy_for(row)}
        return download(json.dumps(told, ensure_ascii=False, indent=2).encode(), name)
    return download(FILES[kind](COPY, copy_data(row)), name)
