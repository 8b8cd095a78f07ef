"""Start passwords: made for those who were ticked, on one sheet that is shown this once, to print or as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from minqing.administration.forms.people import PasswordsForm
from minqing.administration.printing import password_sheet
from minqing.administration.rules import MOST_AT_ONCE, OPERATORS
from minqing.administration.views.forms import both
from minqing.core import clock
from minqing.core.errors import Conflict, Invalid, NotFound
from minqing.org.access import PageRequest, page
from minqing.org.queries.upkeep import accounts_of
from minqing.org.services import give_start_passwords
from minqing.web.downloads import download, file_name
from minqing.web.ticking import ticked_in


@page(roles=OPERATORS)
@both
def passwords(request: PageRequest) -> HttpResponse:
    """First for whom, then the sheet. The second send of a form shows nothing again.

    Who was ticked and may not sign in any more is told as a number: the list says why.
    """
    sent = request.POST if request.method == "POST" else request.GET
    ticked = picked(sent)
    people = accounts_of(ticked)
    if not people:
        raise NotFound("account")
    # a list of many is sent by POST too, and only asks
    form = PasswordsForm(request.POST if "request_id" in request.POST else None)
    if not form.is_valid():
        context = {"form": form, "people": people, "gone": len(ticked) - len(people)}
        return render(request, "administration/passwords.html", context, status=422 if form.is_bound else 200)
    given = give_start_passwords(id=form.cleaned_data["request_id"], accounts=people, by=request.actor)
    if not given:
        raise Conflict("shown_once", _("These passwords were shown once and are not shown again. Give new ones."))
    return sheet(request, given)


def picked(sent: QueryDict) -> list[UUID]:
    """Each once. Raises Invalid for more than a sheet holds."""
    found: dict[UUID, None] = {}
    for text in ticked_in(sent):
        with suppress(ValueError):
            found[UUID(text)] = None
    if len(found) > MOST_AT_ONCE:
        raise Invalid("too_many", _("At most 200 people at once. Tick fewer."))
    return list(found)


def sheet(request: PageRequest, given: Sequence[tuple[object, str]]) -> HttpResponse:
    context = {"given": given, "address": settings.ORIGIN}
    if "pdf" in request.POST:
        return download(password_sheet(context), file_name(_("Start passwords"), suffix="pdf", at=clock.now()))
    answer = render(request, "administration/sheet.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
