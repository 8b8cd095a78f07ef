"""Door plates: issuing codes is a POST, the sheet for the printer a GET."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from minqing.core.errors import NotFound
from minqing.households import services
from minqing.households.forms import CodeForm, IssueForm
from minqing.households.printing import SHEET_PLATES, plates_pdf
from minqing.households.queries import code_in_force, plate_counts, plates_of, visible_household
from minqing.households.rules import ISSUES_CODES, may_issue_codes, may_take_in
from minqing.org.access import PageRequest, looked, page
from minqing.org.enums import FIELD
from minqing.org.queries import area_names, areas_within, towns_first, who_changed
from minqing.web.downloads import download, file_name
from minqing.web.public_origin import may_link
from minqing.web.query_params import whole_number


@page(roles=ISSUES_CODES)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: PageRequest) -> HttpResponse:
    """Areas with how many plates they have and lack; POST issues what is missing in one of them.

    Of a whole county a township is chosen first: counting all of it would take longer with each household.
    """
    actor = request.actor
    form = IssueForm(request.POST or None, actor=actor)
    if form.is_valid():
        made = services.issue_missing_codes(area_ids=[form.cleaned_data["area"]], by=actor)
        messages.success(request, ngettext("%(count)d code issued.", "%(count)d codes issued.", made) % {"count": made})
        return redirect(request.get_full_path())
    towns = towns_first(list(areas_within(actor)))
    town = next((one for one in towns if one.id == whole_number(request.GET, "area")), None)
    counts = plate_counts(actor, within=town.path if town else "") if town or not towns else []
    areas = [(count, parts(count.area_id, count.with_code)) for count in counts]
    context = {"areas": areas, "form": form, "may_print": may_link(), "towns": towns, "town": town}
    return render(request, "households/plates.html", context, status=422 if form.is_bound else 200)


def parts(area_id: int, plates: int) -> list[tuple[str, str]]:
    """(``1–160``, address of that PDF) …: a sheet of thousands would keep a worker busy too long."""
    address = reverse("households:plates_pdf")
    return [
        (f"{start + 1}–{min(start + SHEET_PLATES, plates)}", f"{address}?area={area_id}&from={start}")
        for start in range(0, plates, SHEET_PLATES)
    ]


@page(roles=ISSUES_CODES)
@require_safe
def sheet(request: PageRequest) -> HttpResponse:
    """A4 sheets with the plates of one area; who printed which is journalled."""
    area_id, start = whole_number_or_404(request, "area"), whole_number_or_404(request, "from")
    if not may_issue_codes(request.actor, area_id):
        raise NotFound("no_area")
    plates = plates_of(request.actor, [area_id], start=start, size=SHEET_PLATES)
    if not plates:
        raise NotFound("no_plates", _("There are no plates to print here yet. Issue the codes first."))
    may_link().require()
    looked(request, "households.plates.printed", f"area:{area_id}", start=start, plates=len(plates))
    part = f"{start + 1}–{start + len(plates)}"
    name = file_name(_("Door plates"), area_names([area_id]).get(area_id, ""), part, suffix="pdf")
    return download(plates_pdf(plates, county=county_of(request)), name)


def whole_number_or_404(request: PageRequest, name: str) -> int:
    text = request.GET.get(name, "0")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Http404
    return int(text)


def county_of(request: PageRequest) -> str:
    """The name at the top of the actor's tree of areas."""
    if request.post is None or request.post.area is None:
        return ""
    root = int(request.post.area.path.split(".")[0])
    return area_names([root]).get(root, "")


@page(roles=FIELD)
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: PageRequest, household_id: UUID) -> HttpResponse:
    """One household's code: since when, its short code; a new one for a plate that was lost or tampered with."""
    actor = request.actor
    household = visible_household(actor, household_id)
    held = code_in_force(actor, household.pk)
    form = CodeForm(request.POST or None)
    subject = f"household:{household.pk}"
    form.stands_at(subject, held.id if held else "", told=partial(who_changed, subject))
    if form.is_valid():
        services.reissue_code(id=form.cleaned_data["request_id"], household_id=household.pk, by=actor)
        messages.success(request, _("A new code is in force. Print its plate; the old one opens nothing."))
        return redirect("households:code", household.pk)
    context = {
        "household": household,
        "form": form,
        "held": held,
        "may_issue": may_issue_codes(actor, household.area_id) and may_take_in(closed=household.closed_at is not None),
    }
    return render(request, "households/code.html", context)
