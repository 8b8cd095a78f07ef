"""The result of a delivery attempt, and how it moves the message on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any, Final
from uuid import UUID

from minqing.core.actor import Actor
from minqing.journal.moves import Moves
from minqing.journal.services import Json
from minqing.notify.carriers.base import Carrier, Misconfigured, NotTaken, Refused, Trouble, TurnedOff
from minqing.notify.enums import Channel, Move, State
from minqing.notify.lifecycle import MESSAGE
from minqing.notify.models import Outgoing
from minqing.notify.queries import UNKNOWN, job
from minqing.notify.rules import MOST_TRIES, MOST_TRIES_OURS, wait_after
from minqing.notify.services.preferences import turned_off
from minqing.privacy.access import transaction_as

_dice = SystemRandom()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to do with a message after a try: ``code`` says why, ``provider_id`` what the carrier calls it."""

    move: Move
    code: str = ""
    provider_id: str = ""
    off: bool = False


def after(trouble: Trouble, carrier: Carrier, tries: int) -> Outcome:
    """What becomes of a message after ``tries`` tries of which the last met ``trouble``.

    What may have arrived is sent again only by a carrier that reaches nobody twice; else it is parked as unknown.
    """
    if isinstance(trouble, TurnedOff):
        return Outcome(Move.DROP, trouble.code, off=True)
    if isinstance(trouble, Refused):
        return Outcome(Move.PARK, trouble.code)
    if not isinstance(trouble, NotTaken) and not carrier.repeats_safely:
        return Outcome(Move.PARK, UNKNOWN)
    return failed(trouble.code, tries, most=MOST_TRIES_OURS if isinstance(trouble, Misconfigured) else MOST_TRIES)


def failed(code: str, tries: int, *, most: int = MOST_TRIES) -> Outcome:
    """Another try, unless there were enough."""
    return Outcome(Move.PARK if tries >= most else Move.FAIL, code)


def settle(id: UUID, tries: int, outcome: Outcome, *, at: datetime) -> bool:
    """Write the outcome of try number ``tries`` down, with one event; whether it counted.

    Late is late: once another worker has tried again it says nothing, but that a message given up as unknown did
    arrive after all is the truth, and kept.
    """
    with transaction_as(job()):
        row = Outgoing.objects.select_for_update().filter(pk=id, tries=tries).first()
        if row is None or MESSAGES.target(row, outcome.move) is None:
            return False
        if row.state == State.PARKED and (row.error != UNKNOWN or outcome.move is not Move.SEND):
            return False
        apply(row, outcome, at=at)
        return True


def apply(row: Outgoing, outcome: Outcome, *, at: datetime, by: Actor | None = None) -> None:
    """In the caller's transaction, on a locked row. ``by`` is the job unless somebody decided it."""
    changes: dict[str, Any] = {"error": outcome.code, "lease_until": None}
    if outcome.provider_id:
        changes["provider_id"] = outcome.provider_id
    if outcome.move is Move.FAIL:
        changes["next_at"] = at + waiting(row.tries)
    if outcome.move is Move.RETRY:
        changes |= {"next_at": at, "tries": 0}
    if MESSAGES.target(row, outcome.move) in MESSAGE.ends:
        # nobody needs them any more
        changes |= {"ended_at": at, "address": "", "link": ""}
    MESSAGES.finish(row, outcome.move, by=by or job(), at=at, **changes)
    if outcome.off and row.account:
        turned_off(account=row.account, channel=Channel(row.channel), kind=row.kind, at=at)


def waiting(tries: int) -> timedelta:
    return wait_after(tries, _dice.random())


def event_data(row: Outgoing) -> dict[str, Json]:
    data: dict[str, Json] = {"notice": str(row.notice), "channel": row.channel, "kind": row.kind, "tries": row.tries}
    return data | ({"error": row.error} if row.error else {})


MESSAGES: Final = Moves(
    model=Outgoing,
    lifecycle=MESSAGE,
    events={
        Move.SEND: "notify.message.sent",
        Move.FAIL: "notify.message.failed",
        Move.PARK: "notify.message.parked",
        Move.DROP: "notify.message.dropped",
        Move.RETRY: "notify.message.retried",
    },
    subject=lambda row: f"message:{row.pk}",
    event_data=event_data,
)
