"""Finding the matter that an address names, for those who may know of it."""

from __future__ import annotations

from uuid import UUID

from minqing.core.errors import DomainError, NotFound
from minqing.matters import queries, rules
from minqing.matters.models import Matter
from minqing.matters.queries import meanwhile
from minqing.matters.queries.passed_on import gone_from
from minqing.org.access import PageRequest
from minqing.org.enums import DESK, FIELD, OVERSIGHT, Role

READERS = FIELD | DESK | OVERSIGHT
# whoever makes some move: the page of moves, and what belongs to it
MOVERS = rules.movers()
# who looks after the work of units: all of their area, their township, their own unit
WATCHERS = OVERSIGHT | {Role.UNIT_HEAD, Role.CLERK}


def matter_or_404(request: PageRequest, matter_id: UUID) -> Matter:
    """What the actor may not see is not there; what is only counted is refused."""
    matter = queries.matter_for(request.actor, matter_id)
    if matter is None:
        raise missing(request, matter_id)
    rules.may_read(request.actor, confidential=matter.confidential).require()
    return matter


def missing(request: PageRequest, matter_id: UUID) -> DomainError:
    """Why it is not there: it is none of the actor's, or it went away while they wrote about it."""
    seen = request.POST.get("seen", "") if request.method == "POST" else ""
    gone = gone_from(request.actor, matter_id, seen) if seen else None
    return meanwhile.elsewhere(gone) if gone else NotFound("matter")
