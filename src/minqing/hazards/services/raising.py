"""What is too much for those on the spot becomes a matter, and ends with it."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.hazards.enums import Move, State
from minqing.hazards.models import Hazard
from minqing.hazards.queries import of_matter, pictures_of
from minqing.hazards.services.hazards import HAZARDS, begin, moved
from minqing.matters.enums import Channel, Outcome
from minqing.matters.enums import State as MatterState
from minqing.matters.protocols import MatterRead
from minqing.matters.services import report_matter

# a matter in which nobody goes on, whatever is still dangerous
GIVEN_UP = frozenset({MatterState.WITHDRAWN, MatterState.DECLINED})


@transaction.atomic
def raise_hazard(*, hazard: Hazard, by: Actor, at: datetime | None = None) -> Hazard:
    """Make a matter of it, with its words and photos; that has its own deadline. Event: ``hazards.hazard.raised``."""
    row, at = begin(hazard, Move.RAISE, by), at or clock.now()
    found, _after = pictures_of(row)
    lines = [*row.looks, row.words, _("Severity: %(severity)s") % {"severity": row.severity_label}]
    matter = report_matter(
        # each time that it is raised anew: one that came back has its first matter still
        id=uuid5(row.pk, str(row.matter_id or "")),
        title=_("Hazard: %(what)s") % {"what": row.title_in_words},
        text="\n".join(filter(None, lines)),
        area_id=row.area_id,
        household_id=row.household_id,
        place=row.place,
        channel=Channel.VISIT,
        picture_ids=found,
        by=by,
        at=at,
    )
    return moved(row, Move.RAISE, by, at, matter_id=matter.pk)


@transaction.atomic
def follow_matter(*, matter: MatterRead, by: Actor, at: datetime | None = None) -> Hazard | None:
    """The matter has ended or was opened again: its hazard goes with it; None where there is none, or nothing to do.

    Solved, the hazard is closed; given up or not solved, it is to be put right after all. Events:
    ``hazards.hazard.settled``, ``.returned``, ``.reopened``.
    """
    at, one = at or clock.now(), of_matter(matter.pk)
    if one is None:
        return None
    row = HAZARDS.lock(one.pk)
    state, stands = State(row.state), MatterState(matter.state)
    if state is State.RAISED and stands is MatterState.CONFIRMED and matter.outcome == Outcome.SOLVED:
        return moved(row, Move.SETTLE, by, at, closed_at=at)
    if state is State.RAISED and (stands in GIVEN_UP or stands is MatterState.CONFIRMED):
        return moved(row, Move.RETURN, by, at, confirmed_at=at)
    # one that came back and was closed by somebody goes on no more, whatever becomes of its matter
    if state is State.CLOSED and row.closed_by_id is None and stands not in {*GIVEN_UP, MatterState.CONFIRMED}:
        return moved(row, Move.REOPEN, by, at, closed_at=None)
    return None
