"""The residents' pages: scan, report, follow, answer. They parse and call; nobody needs an account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

import segno
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from minqing.core.characters import clean, one_form
from minqing.core.errors import DomainError, NotFound, TwoTexts, Way
from minqing.core.ids import new_id
from minqing.doorstep import queries, rules, services
from minqing.doorstep.access import Shared, by_address, by_both, by_network, by_part, overall, resident_page
from minqing.doorstep.following import read_or_answer
from minqing.doorstep.forms import CheckForm, FindForm, ReportForm, proof_of
from minqing.files.responses import picture_response
from minqing.households.codes import printed_host
from minqing.matters.queries import by_number_and_code, number_meant
from minqing.matters.question_forms import kept
from minqing.matters.tickets import follow_code_of, spaced, ticket_of
from minqing.web.lasting import is_lasting


@transaction.atomic
def matter_meant(request: HttpRequest, kwargs: Mapping[str, Any]) -> str:
    """The number that is looked up for what was typed: one bucket for each, in whatever spelling."""
    typed = clean(request.POST.get("number", ""))
    # what is no number is none that could be guessed at, and shuts nothing for other slips of the pen
    return number_meant(typed) or one_form(typed)[:60]


@transaction.atomic
def plate_meant(request: HttpRequest, kwargs: Mapping[str, Any]) -> str:
    """The same for the number of a plate."""
    return queries.plate_key(clean(request.POST.get("number", "")))


# not put back into a form that is shown once more: the robots' field, the stamp, photos
UNKEPT = frozenset({"website", "opened", "photos"})


def unknown(request: HttpRequest) -> HttpResponse:
    """One answer for unknown, revoked and malformed addresses."""
    return render(request, "doorstep/unknown.html", status=404)


@resident_page()
@require_safe
def as_we_write(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The page itself, of an address with a slash behind it or with a capital for its first letter."""
    first, _slash, rest = request.path.strip("/").partition("/")
    # what leads nowhere is counted as a guess where it leads
    query = request.META.get("QUERY_STRING", "")
    there = f"/{first.lower()}{'/' if rest else ''}{quote(rest)}"
    return redirect(f"{there}?{query}" if query else there, permanent=True)


@resident_page()
def door(request: Any, token: str) -> HttpResponse:
    """Behind the code: report, follow, whom to call."""
    found = queries.door_of(token)
    if found is None:
        return unknown(request)
    return render(request, "doorstep/door.html", {"door": found})


@resident_page()
def cadre(request: Any, token: str) -> HttpResponse:
    """Who looks after the household, and the offices' own telephone numbers."""
    found = queries.door_of(token)
    if found is None:
        return unknown(request)
    context = {"door": found, "cadres": queries.cadres_of(found), "contacts": queries.contacts_of(found)}
    return render(request, "doorstep/cadre.html", context)


@resident_page(
    [
        (rules.REPORT_BY_CODE, by_part("token")),
        (rules.REPORT_BY_ADDRESS, by_address),
        (rules.REPORT_OVERALL, overall),
    ]
)
def report(request: Any, token: str) -> HttpResponse:
    """Report a matter; sent twice it is one matter and one private link."""
    found = queries.door_of(token)
    if found is None:
        return unknown(request)
    topics = queries.topics()
    if request.method != "POST":
        return show_report(request, found, ReportForm(topics=topics, initial=chosen(request)))
    # asked for without JavaScript: the same form with the questions of what was chosen, and nothing is sent yet
    look = "look" in request.POST
    if look or not request.allowed:
        typed = {name: value for name, value in kept(ReportForm, request.POST).items() if name not in UNKEPT}
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
            return redirect("doorstep:thanks", ticket=ticket)
    if "website" not in form.errors:
        form.keep(by=found.actor)
    return show_report(request, found, form, status=422)


def ways_to_first(form: ReportForm, error: TwoTexts) -> tuple[Way, ...]:
    """To what was sent first, for whom it is shown to and who sent it from this very form."""
    if not error.kept or form.own_id is None:
        return ()
    return (Way(_("See how the first one goes"), reverse("doorstep:follow", args=[ticket_of(form.own_id)])),)


def chosen(request: Any) -> dict[str, str]:
    """What the questions are asked for: no more than a category may stand in an address."""
    return {name: request.GET[name] for name in ("category", "kind") if name in request.GET}


@resident_page()
def questions(request: Any, token: str) -> HttpResponse:
    """The kinds and questions of the category that was just chosen, as a part of the form."""
    if queries.door_of(token) is None:
        return unknown(request)
    form = ReportForm(topics=queries.topics(), initial=chosen(request))
    return render(request, "doorstep/parts/questions.html", {"form": form, "token": token})


def show_report(request: Any, found: queries.Door, form: ReportForm, *, status: int = 200) -> HttpResponse:
    contacts = queries.contacts_of(found) if status == 429 else []
    context = {"door": found, "form": form, "contacts": contacts, "too_many": status == 429}
    return render(request, "doorstep/report.html", context, status=status)


@resident_page()
def thanks(request: Any, ticket: str) -> HttpResponse:
    """The number, the private link and the follow code, to be kept."""
    found = queries.followed(ticket)
    if found is None:
        return unknown(request)
    path = reverse("doorstep:follow", args=[ticket])
    # whoever keeps it came by an address that works
    link = f"{settings.ORIGIN}{path}" if is_lasting() else request.build_absolute_uri(path)
    context = {
        "found": found,
        "link": link,
        "code": spaced(follow_code_of(found.matter.pk)),
        "qr": segno.make(link, error="m", micro=False).svg_data_uri(scale=4, border=2),
    }
    return render(request, "doorstep/thanks.html", context)


@resident_page([(rules.WORD_BY_TICKET, by_part("ticket"))])
def follow(request: Any, ticket: str) -> HttpResponse:
    """Where the matter stands; the reporter's word once there is a reply, and opening it again."""
    found = queries.followed(ticket)
    if found is None:
        return unknown(request)
    return read_or_answer(request, found, page="doorstep:follow")


def shown(ticket: str, picture_id: UUID) -> queries.Followed:
    """The matter, if the picture is one that its reporter may see."""
    found = queries.followed(ticket)
    if found is None or picture_id not in queries.story_of(found).pictures:
        raise NotFound("no_picture")
    return found


@resident_page()
def picture(request: Any, ticket: str, picture_id: UUID, small: bool) -> HttpResponse:
    """A picture of the own matter: sent with it, or shown by those who handled it."""
    shown(ticket, picture_id)
    return picture_response(attachment_id=picture_id, thumbnail=small)


@resident_page()
def photo(request: Any, ticket: str, picture_id: UUID) -> HttpResponse:
    """The same picture large, on a page with a way back."""
    return render(request, "doorstep/photo.html", {"found": shown(ticket, picture_id), "picture_id": picture_id})


@resident_page(
    guesses=[
        (rules.FIND_BY_BOTH, by_both(matter_meant, by_address)),
        (rules.FIND_BY_ADDRESS, by_address),
    ],
    shared=Shared((rules.FIND_BY_NUMBER, matter_meant), (rules.FIND_FIRST, by_both(matter_meant, by_network))),
)
def find(request: Any) -> HttpResponse:
    """Follow a matter by its number and follow code; which of the two was wrong is not told."""
    form = FindForm(request.POST or None)
    if request.method != "POST":
        return render(request, "doorstep/find.html", {"form": form})
    if not request.allowed:
        return render(request, "doorstep/find.html", {"form": form, "too_many": True}, status=429)
    if form.is_valid():
        matter = by_number_and_code(form.cleaned_data["number"], form.cleaned_data["code"])
        if matter is not None:
            return redirect("doorstep:follow", ticket=ticket_of(matter.pk))
        request.guessed = True
        form.add_error(None, _("Number and code do not belong together. Please check both."))
    return render(request, "doorstep/find.html", {"form": form}, status=422)


@resident_page(
    guesses=[
        (rules.CHECK_BY_BOTH, by_both(plate_meant, by_address)),
        (rules.CHECK_BY_ADDRESS, by_address),
    ],
    shared=Shared((rules.CHECK_BY_NUMBER, plate_meant), (rules.CHECK_FIRST, by_both(plate_meant, by_network))),
)
def check(request: Any) -> HttpResponse:
    """Is the plate at my door a real one?"""
    form = CheckForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "host": printed_host()}
    status = 200
    if request.method == "POST" and not request.allowed:
        context["too_many"], status = True, 429
    elif request.method == "POST" and form.is_valid():
        genuine = queries.is_genuine(number=form.cleaned_data["number"], check=form.cleaned_data["check_code"])
        request.guessed = not genuine
        context["answer"] = "real" if genuine else "false"
    elif request.method == "POST":
        status = 422
    return render(request, "doorstep/check.html", context, status=status)
