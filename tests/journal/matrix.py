"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from tests.architecture.reasons import PART_OF_ANOTHER, QUEUE, TELLER

TOLD_BY = {
    "journal.idempotency.claim": TELLER,
    "journal.idempotency.forget_sends": "no event: that the same was sent twice is not asked so long after",
    "journal.moves.move_all": "no event: a move of many has none of its own, and who calls it says what tells it",
    "journal.subscriptions.deliver": QUEUE,
    "journal.subscriptions.retry_parked": QUEUE,
}
UNPAIRED = {
    "journal.services.event_of": PART_OF_ANOTHER,
    "journal.services.record": PART_OF_ANOTHER,
    "journal.services.record_all": PART_OF_ANOTHER,
}
INSIDE = {
    "journal.services.event_of",
    "journal.services.record",
    "journal.services.record_all",
}
UNERASED = {
    "journal.Event": {
        "actor": "ids alone; the journal can be neither changed nor erased, which is what makes it evidence"
    }
}
FINDINGS = {"journal", "events parked"}
LOCKED = {
    "journal.moves.lock": "one row of whatever room, before all that hangs on it",
    "journal.moves.move_all": "rows under the lock of who calls it, which its room lists",
    "journal.subscriptions.deliver": "takes what is free and waits for nobody",
}
