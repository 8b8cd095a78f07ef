"""Posting transfers: one function of the database does all of it, in one statement.

``caller`` and ``key`` are the caller's: whoever asks again with both and the same content gets the first answer, also
if it was no. So a key is made before the first try, from the occasion (``claims``, ``award:<id>``), and kept for all
others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, SentBefore
from minqing.core.ids import new_id
from minqing.journal.services import wake_after_commit
from minqing.points.enums import DONE, Code, Outcome
from minqing.points.rules import MOST

KEY_USED = "key_used"
POST = """
    SELECT outcome, failed, ids, again FROM points_post(
        %s, %s, %s, %s, %s, %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[]
    )
"""


REVERSE = "SELECT outcome, failed, ids, again FROM points_reverse(%s, %s, %s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Posting:
    """``amount`` points from one account to another; ``about`` names the record that they are for."""

    debit: int
    credit: int
    amount: int
    code: Code
    about: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.amount <= MOST or self.debit == self.credit:
            raise Invalid("points_amount", _("This number of points cannot be."))


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request ended, at the first try and at every other. ``failed`` is which of several it failed at."""

    outcome: Outcome
    ids: tuple[int, ...]
    failed: int | None = None
    again: bool = False

    def __bool__(self) -> bool:
        return self.outcome in DONE

    def checked(self) -> Answer:
        """Itself where it was done; else the refusal, for a page. That undoes the caller's transaction, so that what
        was refused leaves no trace and may be tried again under the same key.
        """
        if not self:
            raise Conflict(f"points_{self.outcome}", self.outcome.label)
        return self


def post_transfer(
    *, caller: str, key: str, debit: int, credit: int, amount: int, code: Code, by: Actor, about: str = ""
) -> Answer:
    """One transfer. Events: ``points.transfers.posted``, ``points.transfers.refused``."""
    return post_transfers(caller=caller, key=key, postings=[Posting(debit, credit, amount, code, about)], by=by)


def post_transfers(*, caller: str, key: str, postings: Sequence[Posting], by: Actor) -> Answer:
    """All of them in that order, or none. Events: ``points.transfers.posted``, ``points.transfers.refused``.

    Raises SentBefore where the key was used for something else.
    """
    if not postings or not caller or not key:
        raise Invalid("points_request")
    columns = zip(*((one.debit, one.credit, one.amount, str(one.code), one.about) for one in postings), strict=True)
    return asked(POST, [caller, key, by.ref, by.purpose, *map(list, columns)])


def reverse_transfer(*, caller: str, key: str, transfer: int, loss: int, by: Actor, reason: str = "") -> Answer:
    """Take a wrong one back, once. What was spent of it already is written off: the county's account ``loss`` has it.

    ``reason`` is a code. Events: ``points.transfer.reversed``, ``points.transfers.refused``.
    """
    if not caller or not key:
        raise Invalid("points_request")
    return asked(REVERSE, [caller, key, by.ref, by.purpose, transfer, loss, reason])


def asked(statement: str, given: Sequence[Any]) -> Answer:
    """What a function of the ledger answers, which appends its event itself."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [new_id(), *given])
        outcome, failed, ids, again = cursor.fetchone()
    if outcome == KEY_USED:
        raise SentBefore
    wake_after_commit()
    return Answer(Outcome(outcome), tuple(ids), failed, again)
