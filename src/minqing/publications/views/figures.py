"""The figures of a quarter on their way to the public: asked for, being made, published."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.core import clock
from minqing.core.errors import Invalid
from minqing.org.access import PageRequest, page
from minqing.org.enums import Role
from minqing.org.queries import all_areas
from minqing.privacy.periods import Quarter
from minqing.publications.queries.quarters import Making, making, published_quarters
from minqing.publications.rules import may_publish_figures
from minqing.publications.tasks import ask_for_figures


def figures_shown(request: PageRequest) -> dict[str, object] | None:
    """The last quarter that is over, and how its figures stand; None but for a leader of the whole county."""
    actor = request.actor
    if not actor.has(Role.LEADER) or not may_publish_figures(actor, whole=actor.areas >= all_areas()):
        return None
    quarter = Quarter.of(clock.today()).former
    if quarter in published_quarters():
        return {"quarter": quarter, "published": True}
    state = making(quarter)
    return {"quarter": quarter, "busy": state is Making.WAITS, "broken": state is Making.BROKEN}


@page(roles={Role.LEADER})
@require_POST
def figures(request: PageRequest) -> HttpResponse:
    """Have the figures of a quarter that is over made and published."""
    try:
        quarter = Quarter.parse(request.POST.get("quarter", ""))
    except ValueError:
        raise Invalid("quarter", _("This is no quarter.")) from None
    ask_for_figures(quarter=quarter, by=request.actor)
    return redirect("matters:wall")


@page(roles={Role.LEADER})
def figures_state(request: PageRequest) -> HttpResponse:
    """The part of the wall that looks again by itself while they are made."""
    if not getattr(request, "htmx", False):
        return redirect("matters:wall")
    return render(request, "publications/parts/figures.html", {"figures": figures_shown(request)})
