"""What is printed: slips for reporters, and the sheet that goes with a matter through the offices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minqing.core import clock
from minqing.core.errors import NotFound
from minqing.documents.printing import FILES
from minqing.listing.views import found_in
from minqing.matters import queries, rules
from minqing.matters.access import MOVERS, matter_or_404
from minqing.matters.lists import MATTERS
from minqing.matters.printing.sheets import HANDLING, sheet_data
from minqing.matters.printing.slips import MOST_SLIPS, slips_of, slips_pdf
from minqing.org.access import PageRequest, looked, page
from minqing.web.downloads import download, file_name
from minqing.web.public_origin import public_origin


@page(roles=rules.roles_in(*rules.SLIPS_OF))
@require_safe
def slip(request: PageRequest, matter_id: UUID) -> HttpResponse:
    """The slip of one matter."""
    matter = matter_or_404(request, matter_id)
    rules.may_print_slip(request.actor, matter.situation).require()
    return printed(request, [matter], file_name(_("Slip"), matter.number, suffix="pdf"))


@page(roles=rules.roles_in(*rules.SLIPS_OF))
@require_safe
def slips(request: PageRequest) -> HttpResponse:
    """The slips of what the list shows with the same address: filters, order and page."""
    rows = found_in(MATTERS, request).page
    found = queries.matters_of(request.actor, [row["id"] for row in rows])
    matters = [one for one in found if rules.may_print_slip(request.actor, one.situation)][:MOST_SLIPS]
    if not matters:
        raise NotFound("no_slips", _("There is nothing to print here. Choose other filters."))
    return printed(request, matters, file_name(_("Slip"), suffix="pdf", at=clock.now()))


def printed(request: PageRequest, matters: Sequence[Any], name: str) -> HttpResponse:
    """Each slip opens its matter as the reporter: who printed which is journalled."""
    origin = public_origin()
    for matter in matters:
        looked(request, "matters.slip.printed", f"matter:{matter.pk}", number=matter.number)
    # the residents' pages lie above this room: their address is known by its name alone
    address = origin + reverse("reporting:follow", args=["-"]).removesuffix("-")
    return download(slips_pdf(slips_of(matters, address=address)), name)


@page(roles=MOVERS)
@require_safe
def sheet(request: PageRequest, matter_id: UUID, kind: str) -> HttpResponse:
    """The print sheet 办理单 as Word or PDF; ``?named=yes`` puts name and telephone on it for who may see them."""
    matter = matter_or_404(request, matter_id)
    if kind not in FILES:
        raise NotFound("sheet")
    named = request.GET.get("named") == "yes"
    if named:
        rules.may_reveal_reporter(request.actor, matter.situation).require()
    looked(request, "matters.sheet.printed", f"matter:{matter.pk}", number=matter.number, kind=kind, reporter=named)
    name = file_name(_("Handling sheet"), matter.number, suffix=kind)
    return download(FILES[kind](HANDLING, sheet_data(matter, named=named)), name)
