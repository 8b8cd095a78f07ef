"""Behind the code at a door: ask about one's own data, one question a page, and follow it by a private link."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe

from minqing.core import clock
from minqing.core.errors import DomainError, TwoTexts
from minqing.doorstep.access import DoorRequest, by_address, by_part, resident_page, unknown
from minqing.doorstep.queries import Door, contacts_of, door_of
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import correctable, losses
from minqing.rights import queries, services
from minqing.rights.enums import Guardianship, ProofPlace, RequestKind, State
from minqing.rights.forms.door import MYSELF, STEPS, Once, answers, carried, step_form
from minqing.rights.forms.staff import RIGHT
from minqing.rights.models import Request
from minqing.rights.queries import TICKETS
from minqing.rights.rules import ASK_BY_ADDRESS, ASK_BY_CODE

LAST = len(STEPS)


@resident_page([(ASK_BY_CODE, by_part("token")), (ASK_BY_ADDRESS, by_address)])
def ask(request: DoorRequest, token: str) -> HttpResponse:
    """Four questions, then all answers once more, then it is sent."""
    found = door_of(token)
    if found is None:
        return unknown(request)
    if request.method != "POST":
        return step_page(request, token, 0, step_form(0))
    data = request.POST
    if not request.allowed:
        return step_page(request, token, 0, step_form(0, data), status=429)
    step = number_in(data.get("step"))
    if "back" in data:
        back = number_in(data.get("back"))
        return step_page(request, token, back, step_form(back, data))
    if step == LAST:
        return send(request, token, found)
    form = step_form(step, data, sent=True)
    if not form.is_valid():
        return step_page(request, token, step, form, status=422)
    if step + 1 == LAST:
        return looked_over(request, token)
    return step_page(request, token, step + 1, step_form(step + 1, data))


def number_in(text: object) -> int:
    """The step that a form names; the first for what is none."""
    return int(text) if text in [str(one) for one in range(LAST + 1)] else 0


def step_page(request: HttpRequest, token: str, step: int, form: Once, *, status: int = 200) -> HttpResponse:
    data = request.POST
    context = {
        "token": token,
        "form": form,
        "step": step,
        "back": step - 1,
        "of": LAST + 1,
        "number": step + 1,
        "carried": [mark_safe(one) for one in carried(data, form)],  # noqa: S308  # format_html has made them
        "too_many": status == 429,
    }
    return render(request, "rights/ask.html", context, status=status)


def looked_over(request: HttpRequest, token: str, *, error: object = "", status: int = 200) -> HttpResponse:
    data = request.POST
    hidden = carried(data, Once())
    context = {
        "token": token,
        "answers": answers(data),
        "carried": [mark_safe(one) for one in hidden],  # noqa: S308  # format_html has made them
        "request_id": data.get("request_id", ""),
        "error": error,
        "last": LAST,
        "deletes": data.get("kind") == RequestKind.DELETE,
        "losses": losses(),
        "of": LAST + 1,
    }
    return render(request, "rights/check.html", context, status=status)


def send(request: HttpRequest, token: str, found: Door) -> HttpResponse:
    """Every page once more, for what a browser may have changed; then the one write."""
    said: dict[str, object] = {}
    for number in range(LAST):
        form = step_form(number, request.POST, sent=True)
        if not form.is_valid():
            return step_page(request, token, number, form, status=422)
        said |= form.cleaned_data
    try:
        made = ask_as(found, said)
    except TwoTexts:
        raise
    except DomainError as error:
        return looked_over(request, token, error=error.sentence, status=422)
    return redirect("rights:follow", link=TICKETS.ticket_of(made.pk))


@transaction.atomic
def ask_as(found: Door, said: dict[str, Any]) -> Request:
    other = said["whom"] != MYSELF
    with acting_as(found.actor) as by:
        return services.ask_request(
            id=said["request_id"],
            kind=RequestKind(said["kind"]),
            area_id=found.area_id,
            household_id=found.household_id,
            name=said["name"],
            phone=said["phone"],
            words=said["words"],
            prove_at=ProofPlace(said["prove_at"]),
            by=by,
            guardian=said["guardian"] if other else "",
            guardianship=Guardianship(said["whom"]) if other else None,
            values={name: said.get(f"{RIGHT}{name}", "") for name in correctable()},
        )


@resident_page()
def follow(request: HttpRequest, link: str) -> HttpResponse:
    """Where it stands, by when it is answered, and the decision once there is one. Nothing of the house's files."""
    row = queries.followed(link)
    if row is None:
        return unknown(request)
    state = State(row.state)
    context = {
        "row": row,
        "steps": queries.way_of(row),
        "ended": state in queries.ENDED,
        "late": queries.is_late(row, clock.now()),
        "to_show": state is State.ASKED,
        "prove_at": ProofPlace(row.prove_at).label,
        "at_office": row.prove_at == ProofPlace.OFFICE,
        "answered": state is State.ANSWERED,
        "copied": state is State.ANSWERED and row.granted and row.kind == RequestKind.COPY,
        "contacts": contacts_of(row.area.path),
    }
    return render(request, "rights/follow.html", context)
