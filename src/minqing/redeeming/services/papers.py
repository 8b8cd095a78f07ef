"""A shop's own paper, and what somebody found who looked why it differs from the ledger. The ledger is never changed by
it: what was wrong there is given back, as at any time.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Conflict, Invalid
from minqing.core.formats import check_length
from minqing.journal.idempotency import sent_once
from minqing.journal.services import Json, record
from minqing.redeeming import rules
from minqing.redeeming.models import PaperLine, Settled, Shop
from minqing.redeeming.queries.papers import Figures, compare, settled_sent
from minqing.redeeming.queries.shops import keepers_of, sellers_of


@transaction.atomic
def note_paper(
    *, shop: Shop, day: date, what: str, slip: str, given: Figures, by: Actor, at: datetime | None = None
) -> Literal["created", "updated", "unchanged"]:
    """One line of the paper; the same line again with other figures is that line corrected. Its table has the event."""
    row = Shop.objects.select_for_update().get(pk=shop.pk)
    rules.may_bring(by, row.area_id).require()
    line = PaperLine.objects.filter(shop=row, day=day, what=what, slip=slip).first()
    if line is not None and (line.count, line.points) == given:
        return "unchanged"
    new = line is None
    line = line or PaperLine(shop=row, day=day, what=what, slip=slip)
    line.count, line.points, line.brought_at = given.pieces, given.points, at or clock.now()
    line.save()
    return "created" if new else "updated"


@sent_once(made=lambda given: settled_sent(given["id"]))
def settle_difference(
    *,
    id: UUID,
    shop: Shop,
    day: date,
    what: str,
    paper: Figures | None,
    ledger: Figures | None,
    words: str,
    by: Actor,
    at: datetime | None = None,
) -> Settled:
    """Whoever looked says why both differ. Raises Conflict where they are not as they were seen, or somebody else has
    said it. Event: ``redeeming.paper.settled``.
    """
    at = at or clock.now()
    row = Shop.objects.select_for_update().get(pk=shop.pk)
    rules.may_settle(by, row.area_id, keepers_of(row) | sellers_of(row, day)).require()
    if not (text := check_length(clean(words), rules.LONGEST_WORDS)):
        raise Invalid("settled_words", _("Write what you found."))
    found = compare(row, day.replace(day=1)).open
    if not any((one.day, one.what, one.paper, one.ledger) == (day, what, paper, ledger) for one in found):
        raise Conflict("settled", _("Paper or ledger have changed, or somebody has noted this already: look again."))
    made = Settled.objects.create(
        id=id,
        shop=row,
        day=day,
        what=what,
        paper_count=paper and paper.pieces,
        paper_points=paper and paper.points,
        ledger_count=ledger and ledger.pieces,
        ledger_points=ledger and ledger.points,
        words=text,
        at=at,
        by=by.ref,
    )
    told: dict[str, Json] = {"area": row.area_id, "day": day.isoformat()}
    record(type="redeeming.paper.settled", subject=f"shop:{row.pk}", by=by, at=at, data=told)
    return made
