"""How much a device may send at once, who has devices and who looks after them. Pure: no database."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.org.enums import FIELD, Role
from minqing.sync.enums import Came

OWNERS: Final = FIELD
KEEPERS: Final = frozenset({Role.OPERATOR, Role.UNIT_HEAD})
READERS: Final = OWNERS | KEEPERS
# who is told what has not arrived from the phones of a village or a township
LEADERS: Final = frozenset({Role.VILLAGE_SECRETARY, Role.CLERK})
# operations in one message, bytes of one and of a message, parcels in one answer
MOST_OPERATIONS: Final = 20
MOST_BODY: Final = 64 * 1024
MOST_BYTES: Final = 1024 * 1024
MOST_PARCELS: Final = 100
# so long what builds on something that is missing waits for it
LONGEST_WAIT: Final = timedelta(days=5)
# bytes of one photo as a phone makes it, of one piece of it, and how many of a device may be begun and not whole
MOST_PHOTO: Final = 4 * 1024 * 1024
MOST_PIECE: Final = 128 * 1024
MOST_BEGUN: Final = 20
# photos that one answer says are still to come, and that one message says are lost
MOST_PHOTOS: Final = 60
# after so long without a further piece those that are here are dropped, and the photo begins anew
PIECES_KEPT: Final = timedelta(days=30)
# and after so long, when also the phone knows nothing of the entry any more, it is not counted on
AWAITED: Final = timedelta(days=62)
# letters of one device that wait for a decision, in one message and in one file; bytes of a file
MOST_LETTERS: Final = 500
MOST_AT_ONCE: Final = 20
MOST_FILE: Final = 40 * 1024 * 1024
# after so many working days those are reminded who decide about a letter, and after as many more those above them
DECIDED_IN: Final = 3
# of one person: a phone, one to change to, and those that were lost and are not revoked yet
MOST_DEVICES: Final = 5


def may_have(actor: Actor) -> Decision:
    """Whether the actor may keep what is needed for diaries on a device."""
    if not actor.has(*OWNERS):
        return Decision.no("not_an_owner", _("Diaries are written by cadres, village secretaries and clerks."))
    return Decision.yes()


def may_revoke(actor: Actor, *, owner: object, unit: int | None) -> Decision:
    """Whether the actor may close a device: the owner, the head of the unit, the operator."""
    own = actor.has(*OWNERS) and str(actor.id) == str(owner)
    if own or actor.has(Role.OPERATOR) or (actor.has(Role.UNIT_HEAD) and unit in actor.units):
        return Decision.yes()
    return Decision.no("not_a_keeper", _("A device is closed by its owner, the head of the unit or the operator."))


def may_hand_in(actor: Actor, came: Came) -> Decision:
    """Whether the actor may hand in what is sealed: a file those who have to do with phones, a phone by its secret."""
    if came == Came.FILE and not actor.has(*READERS):
        return Decision.no("not_a_reader", _("Such a file is handed in by who writes diaries or looks after phones."))
    return Decision.yes()


def may_decide(actor: Actor, *, owner: object, area: int | None, handed_by: object = None) -> Decision:
    """Whether the actor may say that what was handed in sealed is taken: its writer, or who leads where it belongs.

    A letter proves nothing of who made it, so whoever handed it in for another leaves that to somebody else.
    """
    if actor.has(*OWNERS) and str(actor.id) == str(owner):
        return Decision.yes()
    if actor.has(*LEADERS) and area in actor.areas:
        if handed_by is not None and str(actor.id) == str(handed_by):
            return Decision.no("handed_in_oneself", _("Who handed it in for another does not decide about it as well."))
        return Decision.yes()
    return Decision.no("not_a_leader", _("It is decided by its writer, the village secretary or the clerk."))


def may_leave(actor: Actor, *, owner: object, at_work: bool) -> Decision:
    """Whether the actor may say that it is not taken, after which nobody has its words any more."""
    if at_work and str(actor.id) != str(owner):
        return Decision.no("still_at_work", _("Its writer is still at work and says themselves what is not taken."))
    return Decision.yes()


def is_whole(body: str, digest: str) -> bool:
    """Whether what arrived is what the device has taken the digest of."""
    return hashlib.sha256(body.encode()).hexdigest() == digest


def missing(*, told: int, highest: int, arrived: int) -> int:
    """How many entries have not arrived: numbers run without gaps, so the highest one known is how many there are."""
    return max(told, highest) - arrived


class Merge(Enum):
    """What becomes of one field that a device has changed."""

    SAME = "same"
    TAKE = "take"
    DISPUTED = "disputed"


def value_version(value: str) -> str:
    """What a device says of the value that it has changed; frontend/diary/seal.js makes the same."""
    return hashlib.sha256(value.encode()).hexdigest()[:16]


def merge(*, base: str, stands: str | None, wanted: str) -> Merge:
    """Three-way, for one field: ``base`` is the version that the device knew, ``stands`` what is there by now.

    None: there is no such thing any more, and whoever changed it without knowing is asked about it.
    """
    if stands == wanted:
        return Merge.SAME
    return Merge.TAKE if stands is not None and value_version(stands) == base else Merge.DISPUTED


def can_follow(after: object, receipted: Collection[object]) -> bool:
    """Whether what an operation builds on has its receipt; that of another household is nobody's business."""
    return after is None or after in receipted


def waited_enough(*, written_at: datetime, sent_at: datetime, left: date | None) -> bool:
    """Whether it goes without what it builds on: it is old, and what was as old was ``left`` at an earlier contact.

    By the phone's clock: who was away for a week is given the time in which one after the other is taken.
    """
    old = written_at < sent_at - LONGEST_WAIT
    return old and left is not None and left <= clock.local_date(written_at)
