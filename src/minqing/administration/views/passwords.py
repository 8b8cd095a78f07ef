"""Start passwords: made for those who were ticked, on one sheet that is shown this once, to print or as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from minqing.administration.forms.people import PasswordsForm
from minqing.administration.printing import password_sheet
from minqing.administration.rules import OPERATORS
from minqing.administration.views.forms import both
from minqing.core import clock
from minqing.core.errors import Conflict, NotFound
from minqing.org.access import PageRequest, page
from minqing.org.queries.upkeep import accounts_of
from minqing.org.services import give_start_passwords
from minqing.web.downloads import download, file_name

MOST = 200


@page(roles=OPERATORS)
@both
def passwords(request: PageRequest) -> HttpResponse:
    """First for whom, then the sheet. The second send of a form shows nothing again."""
    people = accounts_of(picked(request.POST if request.method == "POST" else request.GET))
    if not people:
        raise NotFound("account")
    form = PasswordsForm(request.POST or None)
    if not form.is_valid():
        context = {"form": form, "people": people}
        return render(request, "administration/passwords.html", context, status=422 if form.is_bound else 200)
    given = give_start_passwords(id=form.cleaned_data["request_id"], accounts=people, by=request.actor)
    if not given:
        raise Conflict("shown_once", _("These passwords were shown once and are not shown again. Give new ones."))
    return sheet(request, given)


def picked(sent: Any) -> list[UUID]:
    found = []
    for text in sent.getlist("pick")[:MOST]:
        with suppress(ValueError):
            found.append(UUID(text))
    return found


def sheet(request: PageRequest, given: Sequence[tuple[object, str]]) -> HttpResponse:
    context = {"given": given, "address": settings.ORIGIN}
    if "pdf" in request.POST:
        return download(password_sheet(context), file_name(_("Start passwords"), suffix="pdf", at=clock.now()))
    answer = render(request, "administration/sheet.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
