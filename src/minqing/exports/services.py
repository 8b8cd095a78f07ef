"""A list leaves the system: for a purpose, on record, and a long one with a second person's word."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.core.retry import one_at_a_time
from minqing.exports import rules
from minqing.exports.enums import Move, Purpose, State
from minqing.exports.kinds import KINDS
from minqing.exports.lifecycle import EXPORT
from minqing.exports.models import ExportRequest
from minqing.journal.idempotency import sent_once
from minqing.journal.moves import Moves
from minqing.journal.services import Json

# of the column; the same for a list that is kept
QUERY_LENGTH: Final = 1000


@sent_once(besides={"rows", "area"})
def ask_export(
    *,
    id: UUID,
    kind: str,
    query: str,
    purpose: Purpose,
    rows: int,
    area: int,
    by: Actor,
    at: datetime | None = None,
) -> ExportRequest:
    """Ask for a list of that ``kind`` with ``rows`` rows; ``area`` is that of the post.

    A short one is TAKEN at once: hand it out. What the same person took within a day without being asked counts with
    it. Raises Refused for more than leaves at all, and for those who may not take that list out, Invalid for a filter
    that is too long. The journal gets the filter by its codes, never what was searched for.
    """
    at = at or clock.now()
    rules.may_ask(by, roles=KINDS.of(kind).roles).require()
    if before := ExportRequest.objects.filter(pk=id, account_id=by.person).first():
        # the same form sent once more, not a way to the same list on another day
        rules.may_repeat(asked_at=before.asked_at, now=at).require()
        return before
    rules.may_export(rows).require()
    query = longest(KINDS.of(kind).cleaned(query, by))
    move = Move.ASK if rules.needs_approval(rows, taken_today=taken_since(by, at)) else Move.TAKE
    row = ExportRequest(
        pk=id,
        kind=kind,
        account_id=by.person,
        area_id=area,
        post=by.post,
        query=query,
        purpose=purpose.value,
        rows=rows,
        asked_at=at,
        taken_at=at if move is Move.TAKE else None,
    )
    return EXPORTS.finish(row, move, by=by, at=at)


def longest(query: str) -> str:
    if len(query) > QUERY_LENGTH:
        raise Invalid("query_long", _("This filter is too long. Search for fewer words."))
    return query


def taken_since(by: Actor, at: datetime) -> int:
    """Rows that ``by`` took in the day before without a second person; two at once wait for one another."""
    one_at_a_time(f"exports:{by.id}")
    mine = ExportRequest.objects.filter(
        account_id=by.person, state=State.TAKEN.value, decided_at=None, asked_at__gt=at - rules.DAY
    )
    return sum(mine.values_list("rows", flat=True))


@transaction.atomic
def decide_export(*, request: ExportRequest, approve: bool, by: Actor, at: datetime | None = None) -> ExportRequest:
    """A second person lets the list go, or not."""
    row, at = EXPORTS.lock(request.pk), at or clock.now()
    rules.may_decide(by, account=row.account_id, area_id=row.area_id, state=State(row.state)).require()
    move = Move.APPROVE if approve else Move.REFUSE
    return EXPORTS.finish(row, move, by=by, at=at, decided_at=at, decided_by_id=by.id)


@transaction.atomic
def take_export(*, request: ExportRequest, by: Actor, at: datetime | None = None) -> ExportRequest:
    """The one who asked downloads what was approved, within a day, each time on record."""
    row, at = EXPORTS.lock(request.pk), at or clock.now()
    state = State(row.state)
    rules.may_take(by, account=row.account_id, post=row.post, state=state, decided_at=row.decided_at, now=at).require()
    return EXPORTS.finish(row, Move.TAKE, by=by, at=at, taken_at=at)


def event_data(row: ExportRequest) -> dict[str, Json]:
    # of a list that no room brings any more nothing is known but that it was
    kind = KINDS.get(row.kind)
    filter: dict[str, Json] = {**kind.told(row.query)} if kind else {}
    return {"kind": row.kind, "rows": row.rows, "purpose": row.purpose, "area": row.area_id, "filter": filter}


EXPORTS: Final = Moves(
    model=ExportRequest,
    lifecycle=EXPORT,
    events={
        Move.ASK: "exports.export.asked",
        Move.APPROVE: "exports.export.approved",
        Move.REFUSE: "exports.export.refused",
        Move.TAKE: "exports.export.taken",
    },
    subject=lambda row: f"export:{row.pk}",
    event_data=event_data,
)
