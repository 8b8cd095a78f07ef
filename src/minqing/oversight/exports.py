"""Figures by kind as a table: counts alone, no matter and nobody's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.sheets.writing import Column
from minqing.exports.kinds import ExportKind
from minqing.org.enums import Role
from minqing.org.queries import areas_named, areas_seen
from minqing.oversight.queries.kinds import kinds
from minqing.web.overview import Scope
from minqing.web.query_params import whole_number

ANALYSTS: Final = frozenset({Role.ANALYST})
USUAL: Final = timedelta(days=29)
COUNTS: Final = (
    "received",
    "before",
    "finished",
    "open",
    "overdue",
    "timed",
    "in_time",
    "asked_solved",
    "solved",
    "rated",
    "satisfied",
    "reopened",
)


def day(values: QueryDict, name: str) -> date | None:
    try:
        return date.fromisoformat(values.get(name, ""))
    except ValueError:
        return None


def cleaned(query: str) -> str:
    """Days and area of the page; the rest of an address is dropped."""
    given, kept = QueryDict(query[:2000]), QueryDict(mutable=True)
    for name in ("since", "until"):
        if one := day(given, name):
            kept[name] = one.isoformat()
    if area := whole_number(given, "area"):
        kept["area"] = str(area)
    return kept.urlencode()


def scope_of(actor: Actor, query: str) -> Scope:
    """An area that is not the actor's has nothing in it."""
    asked = QueryDict(cleaned(query))
    until = day(asked, "until") or clock.today()
    since = min(day(asked, "since") or until - USUAL, until)
    areas = areas_seen(actor)
    return Scope(actor, since, until, clock.now(), areas=areas, area_id=whole_number(asked, "area"))


def found(actor: Actor, query: str) -> QuerySet[Any]:
    return kinds(scope_of(actor, query))


def worded(told: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    labels = {"since": _("From"), "until": _("To"), "area": _("Area")}
    names = areas_named()
    return [
        (str(labels[name]), names.get(int(value), "–") if name == "area" and value.isdigit() else value)
        for name, value in told.items()
        if name in labels
    ]


def columns() -> Sequence[Column]:
    labels = (
        _("Kind"),
        _("Received"),
        _("In the period before"),
        _("Finished"),
        _("Open now"),
        _("Overdue"),
        _("With a deadline"),
        _("Answered in time"),
        _("Said whether it is solved"),
        _("Solved"),
        _("Said how satisfied"),
        _("Satisfied"),
        _("Taken up again"),
    )
    return [Column(label, 14) for label in labels]


def cells(rows: QuerySet[Any], _actor: Actor) -> Iterable[Sequence[object]]:
    for one in rows:
        yield (one["name"] or _("Not sorted yet"), *(one[f"n_{name}"] for name in COUNTS))


FIGURES: Final = ExportKind(
    code="figures",
    label=gettext_lazy("Figures by kind"),
    left_out=gettext_lazy("Counts alone: no matter, no name and no words."),
    roles=ANALYSTS,
    list_url="desk:leader",
    ask_url="oversight:export",
    cleaned=cleaned,
    found=found,
    worded=worded,
    columns=columns,
    cells=cells,
)
