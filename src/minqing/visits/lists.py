"""The list of visits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from minqing.listing.kinds import Empty, List
from minqing.org.access import PageRequest
from minqing.org.enums import Level
from minqing.org.protocols import AreaLike
from minqing.org.queries import areas_seen, few_of
from minqing.visits.enums import Hazard, Met
from minqing.visits.forms.diary import VisitFilter
from minqing.visits.queries import Shown, filtered
from minqing.visits.rules import LISTERS, reads_diaries
from minqing.web.query_params import whole_number

INDENT = "\u3000"


def filters(request: PageRequest, data: QueryDict) -> VisitFilter:
    """Who reads no diaries has written none: nothing is only theirs."""
    return VisitFilter(data, areas=area_choices(request, data), mine=reads_diaries(request.actor))


def area_choices(request: PageRequest, data: QueryDict) -> list[tuple[int, str]]:
    """Areas for the filter: no grids, unless one is asked for, and of a whole county one after the other."""
    areas = areas_seen(request.actor)
    chosen = whole_number(data, "area")
    return [
        (one.id, INDENT * indent(one) + one.name)
        for one in few_of([one for one in areas if one.level != Level.GRID or one.id == chosen], chosen)
    ]


def indent(area: AreaLike) -> int:
    return max(0, area.path.count(".") - 2)


def rows(request: PageRequest, form: VisitFilter) -> Shown:
    """All visits of the actor's areas; the newest first."""
    actor, chosen = request.actor, form.cleaned_data if form.is_valid() else {}
    visits = filtered(
        actor,
        area_id=int(chosen["area"]) if chosen.get("area") else None,
        account_id=actor.id if chosen.get("mine") else None,
        since=chosen.get("since"),
        until=chosen.get("until"),
        met=chosen.get("met", ""),
        hazard=chosen.get("hazard", ""),
        once=chosen.get("once", False),
    )
    return Shown(actor, visits)


def shown(request: PageRequest, visits: Sequence[Any]) -> list[dict[str, Any]]:
    """Leaders see them without people and words."""
    reads = reads_diaries(request.actor)
    return [row(visit, reads=reads) for visit in visits]


def row(visit: Any, *, reads: bool) -> dict[str, Any]:
    """What the list says of one visit."""
    entry = getattr(visit, "entry", None) if reads else None
    return {
        "visit": visit,
        "reads": reads,
        "met": Met(visit.met).label,
        "hazards": [Hazard(one.kind).label for one in visit.hazards.all()],
        "text": entry.text if entry else "",
        "matter": entry.matter_id if entry else None,
    }


VISITS = List(
    name="visits",
    label=_("Visits"),
    url="visits:list",
    roles=LISTERS,
    form=filters,
    first=("area", "mine"),
    rows=rows,
    keeps=True,
    lines="visits/parts/rows.html",
    shown=shown,
    empty=Empty("journal-text", _("No visits yet"), _("Open a household and write the first diary.")),
    nothing=Empty("journal-text", _("No visit fits"), _("Choose other days or another area.")),
)
