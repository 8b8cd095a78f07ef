"""Somebody objects to a refusal, once; somebody else looks again, until a day that is promised."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Conflict, Invalid, Refused
from minqing.core.formats import check_length
from minqing.deadlines import Target
from minqing.deadlines.books import Book, Upkeep
from minqing.deadlines.enums import Light, Rung
from minqing.deadlines.queries import next_rung, with_lights
from minqing.deadlines.services import deadline_of, norm, settle_next, start_clocks, stop_clocks
from minqing.earning import rules
from minqing.earning.enums import Move, Term, Timed
from minqing.earning.models import Claim, ClaimClock
from minqing.earning.queries import appealed
from minqing.earning.services.awards import give, refuse_for_all
from minqing.earning.services.claims import CLAIMS, begin, event_data
from minqing.journal.services import Json, record


@transaction.atomic
def appeal_claim(*, claim: Claim, words: str, by: Actor, at: datetime | None = None) -> Claim:
    """Somebody says why it should be confirmed after all; from now on the clock runs.

    By the private link of the claim, within :data:`rules.APPEAL_WITHIN`; or as told to those who look after the place.
    Event: ``earning.claim.appealed``.
    """
    at, row = at or clock.now(), begin(claim)
    if by.kind != "resident":
        rules.may(Move.APPEAL, by, row.situation).require()
    elif not row.ticket:
        raise Refused
    CLAIMS.target(row, Move.APPEAL)
    if not rules.is_in_time(row.decided_at, at):
        raise Conflict("too_late", _("The decision is more than 30 days old. Ask your village committee."))
    if not (text := check_length(clean(words), rules.LONGEST_WORDS)):
        raise Invalid("appeal_words", _("Write what was not seen, or what is wrong."))
    who: dict[str, Any] = {"refused_by_id": row.decided_by_id, "appealed_by_id": by.id if by.kind == "user" else None}
    made = CLAIMS.finish(row, Move.APPEAL, by=by, at=at, appeal=text, appealed_at=at, changed_at=at, **who)
    term = norm(BOOK, Term.PROMISE, Timed.APPEAL) or Target.parse(rules.TERM)
    clock_row = start_clocks(BOOK, made, {Timed.APPEAL: term}, at=at)[Timed.APPEAL]
    keep(made, deadline_of(BOOK, clock_row))
    return made


@transaction.atomic
def grant_appeal(*, claim: Claim, by: Actor, resident_id: Any = None, at: datetime | None = None) -> Claim:
    """It was done after all: the points are given. Raises Conflict where a limit is reached.

    Event: ``earning.claim.granted``.
    """
    at, row = at or clock.now(), begin(claim)
    rules.may(Move.GRANT, by, row.situation).require()
    refuse_for_all(row.version, resident_id)
    row.resident_id = resident_id
    data: dict[str, Json] = {"points": give(row, by, at).points}
    stop_clocks(BOOK.running(row), at=at)
    return CLAIMS.finish(
        row,
        Move.GRANT,
        by=by,
        at=at,
        data=data,
        decided_by_id=by.person,
        decided_at=at,
        changed_at=at,
        resident_id=resident_id,
    )


@transaction.atomic
def uphold_refusal(*, claim: Claim, reasons: str, by: Actor, at: datetime | None = None) -> Claim:
    """It stays as it was decided; the person reads why. Event: ``earning.claim.upheld``."""
    at, row = at or clock.now(), begin(claim)
    rules.may(Move.UPHOLD, by, row.situation).require()
    if not (reasons := check_length(clean(reasons), rules.LONGEST_WORDS)):
        raise Invalid("reasons", _("Write why, in words that the person understands."))
    stop_clocks(BOOK.running(row), at=at)
    return CLAIMS.finish(
        row, Move.UPHOLD, by=by, at=at, reasons=reasons, decided_by_id=by.person, decided_at=at, changed_at=at
    )


def keep(row: Claim, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))


# in nobody's own hours: those that are usual
BOOK: Final = Book[ClaimClock](
    room="earning",
    of="claim",
    clock=ClaimClock,
    own=frozenset(Timed),
    unit_of=lambda _row, _kind: None,
    reference="minqing.earning",
    label=_("Objections to claims for points"),
    kinds=Timed,
    ways=Term,
)


def keep_moved(row: ClaimClock, _sentence: object, before: datetime | None, *, by: Actor, at: datetime) -> None:
    """The working days have changed. Event: ``earning.claim.reckoned``."""
    # who was reminded of another day is reminded again
    keep(row.claim, {**deadline_of(BOOK, row), "reminded_at": None})
    record_of_appeal(row.claim, "reckoned", by, at, {"before": before.isoformat() if before else None})


def record_of_appeal(row: Claim, what: str, by: Actor, at: datetime, data: dict[str, Json]) -> None:
    record(type=f"earning.claim.{what}", subject=f"claim:{row.pk}", by=by, at=at, data=event_data(row) | data)


def carry_up(row: Claim, *, by: Actor, at: datetime) -> Claim | None:
    """Late: the next rung of the ladder hears of it; None at the top. Event: ``earning.claim.escalated``."""
    above = next_rung(BOOK, Rung(row.rung))
    if above is None:
        return None
    keep(row, {"rung": above.rung.value})
    for clock_row in BOOK.running(row):
        settle_next(BOOK, clock_row, row)
    record_of_appeal(row, "escalated", by, at, {"rung": row.rung})
    return row


def nearing(now: datetime) -> QuerySet[Claim]:
    """Nearly due, and nobody was reminded."""
    rows = appealed().filter(reminded_at=None)
    lit: Any = with_lights(rows, runs=Q(state="appealed"), started=F("appealed_at"), now=now)
    found: QuerySet[Claim] = lit.filter(light=Light.YELLOW.value)
    return found


def remind(row: Claim, *, by: Actor, at: datetime) -> Claim:
    """Nearly due: those who are to decide hear of it once. Event: ``earning.claim.nearing``."""
    keep(row, {"reminded_at": at})
    record_of_appeal(row, "nearing", by, at, {})
    return row


UPKEEP: Final = Upkeep(book=BOOK, running=appealed, moved=keep_moved, escalate=carry_up, nearing=nearing, remind=remind)
