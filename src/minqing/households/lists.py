"""The list of households."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.households.forms import HouseholdFilter
from minqing.households.models import Duplicate, Household
from minqing.households.queries import Row, rows_of, tagged, visible_households, visible_residents
from minqing.households.queries.duplicates import QUEUES, reasons_of, visible_duplicates
from minqing.households.queries.files import village_of
from minqing.households.rules import MERGES
from minqing.listing.kinds import Button, Column, Empty, List, Order, Waiting
from minqing.org.access import PageRequest, looked
from minqing.org.enums import FIELD, Role
from minqing.org.queries import areas_within, in_place
from minqing.web.paging import Page
from minqing.web.pieces import Row as Line
from minqing.web.templatetags.mq import when


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
            label=_("Move households"),
            url="households:move",
            icon="arrow-left-right",
            roles={Role.VILLAGE_SECRETARY, Role.CLERK},
        ),
        Button(
            label=_("Door plates"),
            url="households:plates",
            icon="printer",
            roles={Role.VILLAGE_SECRETARY, Role.CLERK},
        ),
    ),
    empty=Empty("house", _("No households here")),
)


def duplicate_rows(request: PageRequest, _form: Any) -> QuerySet[Duplicate]:
    return visible_duplicates(request.actor)


def duplicate_head(row: Duplicate) -> SafeString:
    return format_html(
        '<a href="{}" data-open>{}</a>', reverse("households:duplicate", args=[row.pk]), row.resident.name
    )


def duplicate_state(row: Duplicate) -> str:
    if row.decided_at is None:
        return gettext("To decide")
    return gettext("One person") if row.kept_id else gettext("Two people")


def duplicate_homes(row: Duplicate) -> str:
    homes = dict.fromkeys(f"{one.household.address or one.household.number} · {village_of(one.household)}"
                          for one in (row.resident, row.twin))  # fmt: skip
    return " / ".join(homes)


def duplicates_found(actor: Actor, typed: str, area: int | None) -> QuerySet[Duplicate]:
    """Those of the name that is typed, of whom one lives in that place."""
    found = visible_duplicates(actor)
    if typed:
        found = found.filter(resident__name=typed)
    if area:
        people = in_place(visible_residents(actor), area)
        found = found.filter(Q(resident__in=people) | Q(twin__in=people))
    return found


def waiting_duplicates(request: PageRequest, rows: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Those pairs, as lines of the worklist: nothing is due, they stand below what is."""
    found = visible_duplicates(request.actor).in_bulk([row["pk"] for row in rows])
    return [waiting_duplicate(found[row["pk"]]) for row in rows if row["pk"] in found]


def waiting_duplicate(row: Duplicate) -> Line:
    return Line(
        row.resident.name,
        reverse("households:duplicate", args=[row.pk]),
        notes=(reasons_of(row), duplicate_homes(row)),
        sign=gettext("On file twice?"),
        act=str(QUEUES["open"].act),
    )


DUPLICATES = List(
    name="duplicates",
    label=_("On file twice?"),
    url="households:duplicates",
    roles=MERGES,
    rows=duplicate_rows,
    orders={"found": Order(("-found_at", "-pk"), descending=True)},
    columns=(
        Column(_("Name"), duplicate_head),
        Column(_("What is the same"), reasons_of),
        Column(_("State"), duplicate_state),
        Column(_("Household"), duplicate_homes),
        Column(_("Found"), lambda row: when(row.found_at), order="found"),
    ),
    queues=QUEUES,
    waiting=Waiting(
        queues=QUEUES, found=duplicates_found, due="found_at", values=("found_at",), rows=waiting_duplicates
    ),
    empty=Empty(
        "people",
        _("Nobody seems to be on file twice"),
        _("Each night people of one name are compared, where one of two has no identity number."),
    ),
    nothing=Empty("people", _("Nothing to decide"), _("Choose another tab.")),
)
