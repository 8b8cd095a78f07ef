"""The exports so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.exports import queries, rules
from minqing.exports.enums import Purpose, State
from minqing.exports.kinds import KINDS
from minqing.exports.models import ExportRequest
from minqing.exports.rules import EXPORTERS
from minqing.listing.kinds import Empty, List, Waiting, Way
from minqing.org.access import PageRequest
from minqing.org.queries import in_place
from minqing.web.pieces import Row
from minqing.web.templatetags.mq import when


def rows(request: PageRequest, _form: object) -> QuerySet[ExportRequest]:
    """One's own exports, and those that one may decide on; these first."""
    return queries.exports_of(request.actor)


def shown(request: PageRequest, exports: Sequence[ExportRequest]) -> list[dict[str, Any]]:
    now = clock.now()
    return [described(request.actor, one, now) for one in exports]


def described(actor: Actor, row: ExportRequest, now: datetime) -> dict[str, object]:
    """A row of the list: its words, and what the actor may do with it."""
    # a list that no room brings any more stays on record, and cannot be taken
    state, kind = State(row.state), KINDS.get(row.kind)
    decides = rules.may_decide(actor, account=row.account_id, area_id=row.area_id, state=state)
    takes = rules.may_take(
        actor, account=row.account_id, post=row.post, state=state, decided_at=row.decided_at, now=now
    )
    return {
        "row": row,
        "kind": kind.label if kind else row.kind,
        "state": state.label,
        "purpose": Purpose(row.purpose).label,
        "filter": kind.worded(kind.told(row.query)) if kind else [],
        "may_decide": bool(decides),
        "may_take": bool(kind and takes),
    }


def found_for(actor: Actor, typed: str, area: int | None) -> QuerySet[ExportRequest]:
    """Those that somebody may see; an export has no words to look for."""
    found = queries.exports_of(actor).order_by()
    return found.none() if typed else in_place(found, area)


def waiting_rows(_request: PageRequest, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Exports that wait for a second person's word, as lines of the worklist."""
    return [waiting_row(row) for row in rows]


def waiting_row(row: Mapping[str, Any]) -> Row:
    kind = KINDS.get(row["kind"])
    title = gettext("%(list)s, %(n)d rows") % {"list": kind.label if kind else row["kind"], "n": row["rows"]}
    notes = (str(Purpose(row["purpose"]).label), row["account__name"], when(row["asked_at"]))
    act = str(queries.QUEUES["asked"].act)
    return Row(title, reverse("exports:list"), None, None, notes, sign=gettext("Export"), act=act)


def first_list(request: PageRequest) -> Way | None:
    """Of the lists that the actor may take out the one that most posts work with."""
    mine = [kind for kind in KINDS if request.actor.has(*kind.roles)]
    first = max(mine, key=lambda kind: len(kind.roles), default=None)
    return Way(first.list_url, first.label) if first else None


EXPORTS = List(
    name="exports",
    label=_("Exports"),
    url="exports:list",
    roles=EXPORTERS,
    rows=rows,
    lines="exports/parts/rows.html",
    shown=shown,
    empty=Empty(
        "file-earmark-spreadsheet",
        _("No exports yet"),
        _("Choose a list and export it from there."),
        way=first_list,
    ),
    queues=queries.QUEUES,
    waiting=Waiting(
        queues=queries.QUEUES,
        found=found_for,
        due="asked_at",
        values=("kind", "rows", "purpose", "asked_at", "account__name"),
        rows=waiting_rows,
    ),
    size=30,
)
