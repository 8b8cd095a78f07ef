"""The lists of visits, and of files that two changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.deadlines.due_words import of_day
from minqing.listing.kinds import Button, Column, Empty, List, Order, Waiting
from minqing.org.access import PageRequest
from minqing.org.enums import Level
from minqing.org.protocols import AreaLike
from minqing.org.queries import areas_seen, few_of, in_place
from minqing.visits.enums import Met
from minqing.visits.forms.diary import VisitFilter
from minqing.visits.models import Campaign, FileConflict, Promise
from minqing.visits.queries import Shown, filtered
from minqing.visits.queries.campaigns import visible_campaigns
from minqing.visits.queries.files import QUEUES, field_label, visible_conflicts
from minqing.visits.queries.promises import QUEUES as QUEUES_OF_PROMISES
from minqing.visits.queries.promises import visible_promises
from minqing.visits.rules import ASSIGNERS, LISTERS, WRITERS, reads_diaries
from minqing.web.pieces import Row
from minqing.web.query_params import whole_number
from minqing.web.templatetags.mq import localday, when

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
    form.is_valid()
    # as where the list is kept: what there is not narrows nothing, and the rest does
    actor, chosen = request.actor, form.cleaned_data
    visits = filtered(
        actor,
        area_id=int(chosen["area"]) if chosen.get("area") else None,
        account_id=actor.id if chosen.get("mine") else None,
        since=chosen.get("since"),
        until=chosen.get("until"),
        met=chosen.get("met", ""),
        hazard=bool(chosen.get("hazard")),
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
        "hazards": [one.hazard.title for one in visit.hazards.all()],
        "text": entry.text if entry else "",
        "matter": entry.matter_id if entry else None,
    }


def campaign_rows(request: PageRequest, _form: Any) -> QuerySet[Campaign]:
    return visible_campaigns(request.actor)


def campaign_head(row: Campaign) -> SafeString:
    return format_html('<a href="{}" data-open>{}</a>', reverse("visits:campaign", args=[row.pk]), row.name)


def campaign_state(row: Campaign) -> str:
    today = clock.today()
    if row.closed_at is not None or row.until < today:
        return gettext("Ended")
    return gettext("Under way") if row.since <= today else gettext("To come")


def campaign_days(row: Campaign) -> str:
    return f"{localday(row.since)} – {localday(row.until)}"


CAMPAIGNS = List(
    name="campaigns",
    label=_("Rounds of visits"),
    url="visits:campaigns",
    roles=LISTERS,
    rows=campaign_rows,
    orders={"latest": Order(("-since", "-pk"), descending=True)},
    columns=(
        Column(_("Round"), campaign_head),
        Column(_("State"), campaign_state),
        Column(_("Days"), campaign_days, order="latest"),
        Column(_("Place"), lambda row: row.area.name),
    ),
    buttons=(
        Button(label=_("New round of visits"), url="visits:new_campaign", icon="plus-lg", roles=ASSIGNERS, main=True),
    ),
    empty=Empty(
        "calendar",
        _("No rounds of visits yet"),
        _("A round calls for a visit to each household of a place within some days."),
    ),
    nothing=Empty("calendar", _("No round fits"), _("Choose another tab.")),
)

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


def conflict_rows(request: PageRequest, _form: Any) -> QuerySet[FileConflict]:
    return visible_conflicts(request.actor)


def conflict_title(row: FileConflict) -> str:
    return f"{row.household.address or row.household.number} · {field_label(row)}"


def conflict_head(row: FileConflict) -> SafeString:
    url = reverse("visits:conflict", args=[row.pk])
    return format_html('<a href="{}" data-open>{}</a>', url, conflict_title(row))


def conflict_state(row: FileConflict) -> str:
    if row.decided_at is None:
        return gettext("To decide")
    return gettext("Taken from the phone") if row.taken else gettext("Left as on file")


def conflicts_for(actor: Actor, typed: str, area: int | None) -> QuerySet[FileConflict]:
    """What somebody may see of them in that place; of words only a household's number is looked for."""
    found = visible_conflicts(actor)
    if typed:
        found = found.filter(household__number__iexact=typed.strip())
    return in_place(found, area)


def waiting_conflicts(request: PageRequest, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """What waits, as a line of the worklist."""
    found = {one.pk: one for one in visible_conflicts(request.actor).filter(pk__in=[row["pk"] for row in rows])}
    return [waiting_conflict(found[row["pk"]]) for row in rows if row["pk"] in found]


def waiting_conflict(row: FileConflict) -> Row:
    return Row(
        conflict_title(row),
        reverse("visits:conflict", args=[row.pk]),
        None,
        None,
        (row.area.name, row.account.name),
        sign=str(_("Two values")),
        act=str(QUEUES["open"].act),
    )


CONFLICTS = List(
    name="conflicts",
    label=_("Files that two changed"),
    url="visits:conflicts",
    roles=WRITERS,
    rows=conflict_rows,
    orders={"received": Order(("-received_at", "-pk"), descending=True)},
    columns=(
        Column(_("What is said differently"), conflict_head),
        Column(_("State"), conflict_state),
        Column(_("Place"), lambda row: row.area.name),
        Column(_("From the phone of"), lambda row: row.account.name),
        Column(_("Received"), lambda row: when(row.received_at), order="received"),
    ),
    queues=QUEUES,
    waiting=Waiting(
        queues=QUEUES, found=conflicts_for, due="received_at", values=("received_at",), rows=waiting_conflicts
    ),
    empty=Empty(
        "people",
        _("No file was changed by two"),
        _("What a phone without a signal and somebody else have both changed stands here until one decides."),
    ),
    nothing=Empty("people", _("Nothing to decide"), _("What was decided stands in the other tab.")),
)


def promise_rows(request: PageRequest, _form: Any) -> QuerySet[Promise]:
    return visible_promises(request.actor)


def promise_head(row: Promise) -> SafeString:
    return format_html('<a href="{}" data-open>{}</a>', reverse("visits:promise", args=[row.pk]), row.text)


def promise_state(row: Promise) -> str:
    if row.settled_at is None:
        return gettext("Open")
    return gettext("Kept") if row.kept else gettext("Could not be kept")


def promises_for(actor: Actor, typed: str, area: int | None) -> QuerySet[Promise]:
    found = visible_promises(actor)
    if typed:
        found = found.filter(household__number__iexact=typed.strip())
    return in_place(found, area)


def waiting_promises(request: PageRequest, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """What is to be kept now, as a line of the worklist."""
    today = clock.today()
    found = {one.pk: one for one in visible_promises(request.actor).filter(pk__in=[row["pk"] for row in rows])}
    return [waiting_promise(found[row["pk"]], today) for row in rows if row["pk"] in found]


def waiting_promise(row: Promise, today: date) -> Row:
    return Row(
        row.text,
        reverse("visits:promise", args=[row.pk]),
        clock.midnight(row.due_on),
        of_day(row.due_on, today=today, every=30),
        (row.household.address or row.household.number, row.area.name),
        sign=str(_("Promised")),
        act=str(QUEUES_OF_PROMISES["due"].act),
    )


PROMISES = List(
    name="promises",
    label=_("Promises"),
    url="visits:promises",
    roles=WRITERS,
    rows=promise_rows,
    orders={"due": Order(("due_on", "pk"))},
    columns=(
        Column(_("What was promised"), promise_head),
        Column(_("By when"), lambda row: row.due_on.isoformat(), order="due"),
        Column(_("State"), promise_state),
        Column(_("Household"), lambda row: row.household.address or row.household.number),
        Column(_("Cadre"), lambda row: row.account.name),
    ),
    queues=QUEUES_OF_PROMISES,
    waiting=Waiting(
        queues=QUEUES_OF_PROMISES, found=promises_for, due="due_on", values=("due_on",), rows=waiting_promises
    ),
    empty=Empty("calendar3", _("No promises yet"), _("What is promised in a visit, with its day, stands here.")),
    nothing=Empty("calendar3", _("Nothing to keep here"), _("What is due at another time stands in the other tabs.")),
)
