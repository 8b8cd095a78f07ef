"""Reporting a matter from behind a household code."""

from __future__ import annotations

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.errors import DomainError, TwoTexts, Way
from minqing.core.ids import new_id
from minqing.doorstep.access import DoorRequest, by_address, by_part, overall, resident_page, unknown
from minqing.doorstep.queries import Door, contacts_of, door_of
from minqing.matters.forms.questions import answers_given
from minqing.matters.tickets import follow_code_of, spaced, ticket_of
from minqing.reporting import queries, rules, services, words
from minqing.reporting.forms import ReportForm, proof_of
from minqing.web.public_origin import has_public_origin

# not put back into a form that is shown once more: the robots' field, the stamp, photos
UNKEPT = frozenset({"website", "opened", "photos"})


@resident_page(
    [
        (rules.REPORT_BY_CODE, by_part("token")),
        (rules.REPORT_BY_ADDRESS, by_address),
        (rules.REPORT_OVERALL, overall),
    ]
)
def report(request: DoorRequest, token: str) -> HttpResponse:
    """Report a matter; sent twice it is one matter and one private link."""
    found = door_of(token)
    if found is None:
        return unknown(request)
    topics = queries.topics()
    if request.method != "POST":
        return show_report(request, found, ReportForm(topics=topics, initial=chosen(request)))
    # asked for without JavaScript: the same form with the questions of what was chosen, and nothing is sent yet
    look = "look" in request.POST
    if look or not request.allowed:
        typed = {name: value for name, value in answers_given(ReportForm, request.POST).items() if name not in UNKEPT}
        form = ReportForm(topics=topics, initial=typed)
        return show_report(request, found, form, status=200 if look else 429)
    form = ReportForm(request.POST, request.FILES, topics=topics)
    if form.is_valid():
        try:
            ticket = services.report_at_door(id=form.cleaned_data["request_id"], door=found, report=form.report())
        except TwoTexts as error:
            # sent as new, it is a form of its own
            error.renewed |= {"request_id": str(id := new_id()), "proof": proof_of(id)}
            error.ways = ways_to_first(form, error)
            raise
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            return redirect("reporting:thanks", ticket=ticket)
    if "website" not in form.errors:
        form.keep(by=found.actor)
    return show_report(request, found, form, status=422)


def ways_to_first(form: ReportForm, error: TwoTexts) -> tuple[Way, ...]:
    """To what was sent first, for whom it is shown to and who sent it from this very form."""
    if not error.kept or form.own_id is None:
        return ()
    return (Way(_("See how the first one goes"), reverse("reporting:follow", args=[ticket_of(form.own_id)])),)


def chosen(request: HttpRequest) -> dict[str, str]:
    """What the questions are asked for: no more than a category may stand in an address."""
    return {name: request.GET[name] for name in ("category", "kind") if name in request.GET}


@resident_page()
def questions(request: HttpRequest, token: str) -> HttpResponse:
    """The kinds and questions of the category that was just chosen, as a part of the form."""
    if door_of(token) is None:
        return unknown(request)
    form = ReportForm(topics=queries.topics(), initial=chosen(request))
    return render(request, "reporting/parts/questions.html", {"form": form, "token": token})


def show_report(request: HttpRequest, found: Door, form: ReportForm, *, status: int = 200) -> HttpResponse:
    context = {"door": found, "form": form, "contacts": contacts_of(found.area_path), "too_many": status == 429}
    return render(request, "reporting/report.html", context, status=status)


@resident_page()
def thanks(request: HttpRequest, ticket: str) -> HttpResponse:
    """The number, the private link and the follow code, to be kept."""
    found = queries.followed(ticket)
    if found is None:
        return unknown(request)
    path = reverse("reporting:follow", args=[ticket])
    # whoever keeps it came by an address that works
    link = f"{settings.ORIGIN}{path}" if has_public_origin() else request.build_absolute_uri(path)
    context = {
        "found": found,
        "promise": words.promise_of(found.matter, clock.now()),
        "contacts": queries.contacts_for(found.matter),
        "link": link,
        "code": spaced(follow_code_of(found.matter.pk)),
        "qr": segno.make(link, error="m", micro=False).svg_data_uri(scale=4, border=2),
    }
    return render(request, "reporting/thanks.html", context)
