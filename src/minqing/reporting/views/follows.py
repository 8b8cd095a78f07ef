"""Following a matter by its private link, or by its number and follow code."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from minqing.core.characters import clean, one_form
from minqing.core.errors import NotFound
from minqing.doorstep.access import (
    DoorRequest,
    Shared,
    by_address,
    by_both,
    by_network,
    by_part,
    resident_page,
    unknown,
)
from minqing.files.responses import picture_response
from minqing.matters.queries import by_number_and_code, number_meant
from minqing.matters.tickets import ticket_of
from minqing.reporting import queries, rules
from minqing.reporting.forms import FindForm
from minqing.reporting.views.following import read_or_answer


@transaction.atomic
def matter_meant(request: HttpRequest, kwargs: Mapping[str, object]) -> str:
    """The number that is looked up for what was typed: one bucket for each, in whatever spelling."""
    typed = clean(request.POST.get("number", ""))
    # what is no number is none that could be guessed at, and shuts nothing for other slips of the pen
    return number_meant(typed) or one_form(typed)[:60]


@resident_page([(rules.WORD_BY_TICKET, by_part("ticket"))])
def follow(request: DoorRequest, ticket: str) -> HttpResponse:
    """Where the matter stands; the reporter's word once there is a reply, and opening it again."""
    found = queries.followed(ticket)
    if found is None:
        return unknown(request)
    return read_or_answer(request, found, page="reporting:follow")


def matter_with_picture(ticket: str, picture_id: UUID) -> queries.Followed:
    """The matter, if the picture is one that its reporter may see."""
    found = queries.followed(ticket)
    if found is None or picture_id not in queries.story_of(found).pictures:
        raise NotFound("no_picture")
    return found


@resident_page()
def picture(request: HttpRequest, ticket: str, picture_id: UUID, small: bool) -> HttpResponse:
    """A picture of the own matter: sent with it, or shown by those who handled it."""
    matter_with_picture(ticket, picture_id)
    return picture_response(attachment_id=picture_id, thumbnail=small)


@resident_page()
def photo(request: HttpRequest, ticket: str, picture_id: UUID) -> HttpResponse:
    """The same picture large, on a page with a way back."""
    return render(
        request, "reporting/photo.html", {"found": matter_with_picture(ticket, picture_id), "picture_id": picture_id}
    )


@resident_page(
    guesses=[
        (rules.FIND_BY_BOTH, by_both(matter_meant, by_address)),
        (rules.FIND_BY_ADDRESS, by_address),
    ],
    shared=Shared((rules.FIND_BY_NUMBER, matter_meant), (rules.FIND_FIRST, by_both(matter_meant, by_network))),
)
def find(request: DoorRequest) -> HttpResponse:
    """Follow a matter by its number and follow code; which of the two was wrong is not told."""
    form = FindForm(request.POST or None)
    if request.method != "POST":
        return render(request, "reporting/find.html", {"form": form})
    if not request.allowed:
        return render(request, "reporting/find.html", {"form": form, "too_many": True}, status=429)
    if form.is_valid():
        matter = by_number_and_code(form.cleaned_data["number"], form.cleaned_data["code"])
        if matter is not None:
            return redirect("reporting:follow", ticket=ticket_of(matter.pk))
        request.guessed = True
        form.add_error(None, _("Number and code do not belong together. Please check both."))
    return render(request, "reporting/find.html", {"form": form}, status=422)
