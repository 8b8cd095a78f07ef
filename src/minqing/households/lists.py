"""The list of households."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from minqing.households.forms import HouseholdFilter
from minqing.households.models import Household
from minqing.households.queries import Row, rows_of, tagged, visible_households
from minqing.listing.kinds import Button, Empty, List, Order
from minqing.org.access import PageRequest, looked
from minqing.org.enums import FIELD, Role
from minqing.org.queries import areas_within
from minqing.web.paging import Page


def filters(request: PageRequest, data: QueryDict) -> HouseholdFilter:
    return HouseholdFilter(data, actor=request.actor)


def rows(request: PageRequest, form: HouseholdFilter) -> QuerySet[Household]:
    """All open households of the actor's areas, narrowed to an area or a tag."""
    actor, tag, area = request.actor, form.asked_tag, form.cleaned_data.get("area")
    found = (tagged(actor, tag.code) if tag else visible_households(actor)).filter(closed_at=None)
    if area:
        found = found.filter(area__in=areas_within(actor).filter(path__contains=f"{area}."))
    return found.select_related("area__parent")


def shown(request: PageRequest, households: Sequence[Household]) -> list[Row]:
    return rows_of(request.actor, households)


def note_tag(request: PageRequest, form: HouseholdFilter, page: Page) -> None:
    """Who asks for those of a sensitive tag is told to the journal."""
    tag = form.asked_tag
    if tag and tag.sensitive:
        looked(request, "households.tag.listed", f"tag:{tag.code}", households=len(page))


HOUSEHOLDS = List(
    name="households",
    label=_("Households"),
    url="households:list",
    roles=FIELD,
    form=filters,
    first=("area", "tag"),
    rows=rows,
    orders={"number": Order(("number", "pk"))},
    lines="households/parts/rows.html",
    shown=shown,
    looked=note_tag,
    above="households/parts/search.html",
    buttons=(
        Button(label=_("Scan the code"), url="households:scan", icon="qr-code-scan", roles=FIELD, main=True),
        Button(label=_("New household"), url="households:add", icon="plus-lg", roles=FIELD),
        Button(
            label=_("Door plates"),
            url="households:plates",
            icon="printer",
            roles={Role.VILLAGE_SECRETARY, Role.CLERK},
        ),
    ),
    empty=Empty("house", _("No households here")),
)
