"""Reading notices, wishes, addresses and the outbox. All of it behind the second wall: one's own, or the job's."""

from minqing.notify.queries.notices import MOST_SHOWN, notices_of, unread_count
from minqing.notify.queries.outbox import (
    JOB,
    UNKNOWN,
    Carried,
    carried,
    failing_carriers,
    job,
    message_of,
    outbox_counts,
    parked,
    tested,
)
from minqing.notify.queries.preferences import address_on, addresses_among, addresses_of, wishes_among, wishes_of

__all__ = [
    "JOB",
    "MOST_SHOWN",
    "UNKNOWN",
    "Carried",
    "address_on",
    "addresses_among",
    "addresses_of",
    "carried",
    "failing_carriers",
    "job",
    "message_of",
    "notices_of",
    "outbox_counts",
    "parked",
    "tested",
    "unread_count",
    "wishes_among",
    "wishes_of",
]
