"""For people without a telephone: a cadre or volunteer types number and code from their paper slip.

Opens that one matter as its reporter would see it, and nothing else; whoever types stands in its history.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import NotFound
from minqing.doorstep.access import DoorRequest, Shared, by_both, by_part, by_person, resident_page
from minqing.matters.queries import by_number_and_code
from minqing.matters.tickets import ticket_of
from minqing.org.access import looked
from minqing.org.enums import DESK, FIELD, Role
from minqing.reporting import queries, rules
from minqing.reporting.forms import FindForm
from minqing.reporting.views.following import read_or_answer
from minqing.reporting.views.follows import matter_meant

HELPERS = FIELD | DESK | {Role.VOLUNTEER}


@resident_page(
    guesses=[
        (rules.SLIP_BY_BOTH, by_both(matter_meant, by_person)),
        (rules.SLIP_BY_HELPER, by_person),
    ],
    shared=Shared((rules.SLIP_BY_NUMBER, matter_meant), (rules.SLIP_FIRST, by_both(matter_meant, by_person))),
    roles=HELPERS,
)
def slip(request: DoorRequest) -> HttpResponse:
    """Number and code from the slip; which of the two was wrong is not told."""
    form = FindForm(request.POST or None)
    if request.method != "POST":
        return render(request, "reporting/slip.html", {"form": form})
    if not request.allowed:
        return render(request, "reporting/slip.html", {"form": form, "too_many": True}, status=429)
    if form.is_valid():
        matter = by_number_and_code(form.cleaned_data["number"], form.cleaned_data["code"])
        if matter is not None:
            return redirect("reporting:helped", ticket=ticket_of(matter.pk))
        request.guessed = True
        form.add_error(None, _("Number and code do not belong together. Please check both."))
    return render(request, "reporting/slip.html", {"form": form}, status=422)


@resident_page([(rules.WORD_BY_TICKET, by_part("ticket"))], roles=HELPERS)
def helped(request: DoorRequest, ticket: str) -> HttpResponse:
    """The matter of the slip: read it aloud, type the reporter's word, open it again. Reading is journalled."""
    found = queries.followed(ticket, helper=request.actor)
    if found is None:
        raise NotFound("matter")
    # the journal knows it by the name that it had from the beginning
    looked(request, "doorstep.slip.opened", f"matter:{found.matter.pk}", number=found.matter.number)
    return read_or_answer(request, found, page="reporting:helped")
