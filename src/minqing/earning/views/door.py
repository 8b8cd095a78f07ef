"""Behind the code at a door: say what was done, and follow it by a private link."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.doorstep.access import by_address, by_part, resident_page, unknown
from minqing.doorstep.queries import Door, door_of
from minqing.earning import queries, services
from minqing.earning.enums import Move, State
from minqing.earning.forms.door import ClaimForm
from minqing.earning.forms.moves import OWN_MOVES
from minqing.earning.lifecycle import WAITING
from minqing.earning.models import Claim, FunctionVersion
from minqing.earning.queries import TICKETS
from minqing.earning.queries.budgets import used_up
from minqing.earning.rules import APPEAL_BY_LINK, CLAIM_BY_ADDRESS, CLAIM_BY_CODE, is_in_time
from minqing.privacy.access import acting_as
from minqing.web.errors import SENTENCES
from minqing.web.forms import Data
from minqing.web.moves import MoveForm

RESIDENT: Final = Actor(id=None, kind="resident", name="")


@resident_page()
@require_safe
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """First what was done."""
    found = door_of(token)
    if found is None:
        return unknown(request)
    versions = queries.claimable_versions()
    context = {"token": token, "door": found, "groups": with_purses(versions)}
    return render(request, "earning/choose.html", context)


def with_purses(versions: QuerySet[FunctionVersion]) -> list[object]:
    """By category; each function with what its budget holds, where that is too little."""
    gone = used_up(versions)
    groups = queries.by_category(versions)
    return [(category, [(row, gone.get(row.function_id)) for row in rows]) for category, rows in groups]


@resident_page([(CLAIM_BY_CODE, by_part("token")), (CLAIM_BY_ADDRESS, by_address)])
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: Any, token: str, code: str) -> HttpResponse:
    """Then when, and what this asks as evidence."""
    found = door_of(token)
    version = queries.claimable_versions().filter(function=code).first() if found else None
    if found is None or version is None:
        return unknown(request)
    form = ClaimForm(request.POST or None, request.FILES or None, version=version)
    if request.method != "POST":
        return claim_page(request, found, version, form)
    if not request.allowed:
        return claim_page(request, found, version, form, status=429)
    if form.is_valid() and (made := form.tried(lambda: claim_as(found, code, form))):
        return redirect("earning:follow", link=TICKETS.ticket_of(made.pk))
    with acting_as(found.actor):
        form.keep(by=found.actor)
    return claim_page(request, found, version, form, status=422)


def claim_page(request: HttpRequest, door: Door, version: Any, form: ClaimForm, *, status: int = 200) -> HttpResponse:
    context = {"token": door.token, "door": door, "version": version, "form": form, "too_many": status == 429}
    context["limits"] = queries.limits_in_words(version)
    context["used_up"] = used_up([version]).get(version.function_id)
    return render(request, "earning/claim.html", context, status=status)


@transaction.atomic
def claim_as(found: Door, code: str, form: ClaimForm) -> Claim:
    data = form.cleaned_data
    with acting_as(found.actor) as by:
        pictures = form.all_pictures(by=by) if "photos" in form.fields else []
        return services.send_claim(
            id=data["request_id"],
            code=code,
            area_id=found.area_id,
            household_id=found.household_id,
            name=data["name"],
            happened_on=data["happened_on"],
            words=data["words"],
            place=data.get("place", ""),
            witness=data.get("witness", ""),
            picture_ids=pictures,
            by=by,
        )


@resident_page()
@require_safe
def follow(request: HttpRequest, link: str) -> HttpResponse:
    """Where it stands, and why if the answer is no. Nothing of the house's files."""
    row = queries.followed(link)
    return unknown(request) if row is None else followed_page(request, link, row)


def followed_page(
    request: HttpRequest, link: str, row: Claim, *, form: MoveForm | None = None, status: int = 200
) -> Any:
    opens = row.state == State.REFUSED and is_in_time(row.decided_at, clock.now())
    context = {
        "row": row,
        "link": link,
        "waits": row.state in WAITING,
        "used_up": used_up([row.version]).get(row.version.function_id) if row.state in WAITING else None,
        "form": (form or appeal_form(row)) if opens else None,
    }
    return render(request, "earning/follow.html", context, status=status)


def appeal_form(row: Claim, data: Data = None) -> MoveForm:
    form = OWN_MOVES.form(OWN_MOVES.named(Move.APPEAL.value), row, RESIDENT, data)
    # residents' pages are without the desk's script
    form.chosen_by_typing = False
    return form


@resident_page([(APPEAL_BY_LINK, by_part("link")), (CLAIM_BY_ADDRESS, by_address)])
@require_POST
def appeal(request: Any, link: str) -> HttpResponse:
    """Why it should be confirmed after all."""
    row = queries.followed(link)
    if row is None:
        return unknown(request)
    form = appeal_form(row, request.POST)
    if not request.allowed:
        raise DomainError("too_often", SENTENCES[429], http_status=429)
    with acting_as(RESIDENT, ticket=queries.key_of(link)):
        done = OWN_MOVES.make(form, row, RESIDENT)
    return redirect("earning:follow", link) if done else followed_page(request, link, row, form=form, status=422)
