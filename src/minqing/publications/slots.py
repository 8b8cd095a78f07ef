"""What this room adds to pages of matters."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from minqing.matters.queries.publishable import Told
from minqing.org.access import PageRequest
from minqing.publications import rules
from minqing.publications.views.figures import figures_shown
from minqing.web.slots import drawn


def on_matter(request: PageRequest, matter: Told) -> str:
    """On a solved matter's page the way to its publication, for those who may write it."""
    offered = rules.is_offered(
        request.actor,
        area_id=matter.area_id,
        state=matter.state,
        confidential=matter.confidential,
        objection=matter.objection,
    )
    return render_to_string("publications/parts/offer.html", {"matter": matter}, request) if offered else ""


def on_wall(request: PageRequest, _about: object) -> str:
    """Below the wall the figures of the last quarter, for a leader of the whole county."""
    figures = figures_shown(request)
    return render_to_string("publications/parts/figures.html", {"figures": figures}, request) if figures else ""


def at_foot(request: HttpRequest, _about: object) -> str:
    """The way from a door to what everybody may read."""
    return drawn(request, "publications/parts/foot.html", {})
