"""What this room adds to today's page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from minqing.org.access import PageRequest
from minqing.web.pieces import Figure, link


def on_queue(_request: PageRequest, unsorted: int) -> list[Figure]:
    """How many wait to be sorted in the clerk's areas, with the way there."""
    return [Figure(_("To sort"), unsorted, link("routing:triage"), light="yellow" if unsorted else "")]
