"""What this room adds to pages of matters, and to today's."""

from __future__ import annotations

from django.utils.translation import gettext as _

from minqing.org.access import PageRequest
from minqing.routing.forms.bulk import bulk_form
from minqing.web.pieces import Figure, link
from minqing.web.slots import drawn


def on_list(request: PageRequest, _rows: object) -> str:
    """Above a list with ticks the form that assigns what is ticked."""
    return drawn(request, "routing/parts/bulk.html", {"form": bulk_form(request.actor)})


def on_queue(_request: PageRequest, unsorted: int) -> list[Figure]:
    """How many wait to be sorted in the clerk's areas, with the way there."""
    return [Figure(_("To sort"), unsorted, link("routing:triage"), light="yellow" if unsorted else "")]
