"""Points held for something to be redeemed: first kept free, then redeemed, or given back.

A hold ends once: posted, voided, or by itself when its time is over, by the clock of the database and in the statement
that asks. Until somebody asks, the job ends it (:func:`sweep_lapsed`); nobody waits for that.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.core.retry import on_its_own
from minqing.points.enums import End
from minqing.points.queries import expired_accounts
from minqing.points.rules import MOST
from minqing.points.services.transfers import Answer, asked

LONGEST: Final = timedelta(days=60)
RENEW = "SELECT outcome, failed, ids, again FROM points_renew(%s, %s, %s, %s, %s, %s, %s, %s)"
RESERVE = "SELECT outcome, failed, ids, again FROM points_reserve(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
END = "SELECT outcome, failed, ids, again FROM points_end(%s, %s, %s, %s, %s, %s, %s)"


def reserve(
    *,
    caller: str,
    key: str,
    debit: int,
    credit: int,
    amount: int,
    lasting: timedelta,
    by: Actor,
    about: str = "",
) -> Answer:
    """Keep ``amount`` points free for ``credit`` so long. Events: ``points.hold.made``, ``points.hold.refused``."""
    if not 0 < amount <= MOST or not timedelta(seconds=1) <= lasting <= LONGEST:
        raise Invalid("points_amount", _("This number of points cannot be."))
    seconds = round(lasting.total_seconds())
    return asked(RESERVE, [caller, key, by.ref, by.purpose, debit, credit, amount, about, seconds])


def hold_anew(*, caller: str, key: str, hold: int, amount: int, lasting: timedelta, by: Actor) -> Answer:
    """Hold the same points anew, so long from now on; of less than there were the rest is free again. They keep the day
    until which they are good, and are not free in between. Events: ``points.hold.renewed``, ``points.hold.refused``.
    """
    if not 0 < amount <= MOST or not timedelta(seconds=1) <= lasting <= LONGEST:
        raise Invalid("points_amount", _("This number of points cannot be."))
    return asked(RENEW, [caller, key, by.ref, by.purpose, hold, amount, round(lasting.total_seconds())])


def post_hold(*, caller: str, key: str, hold: int, by: Actor) -> Answer:
    """It is done: what was held is redeemed. Events: ``points.hold.posted``, ``points.hold.refused``."""
    return asked(END, [caller, key, by.ref, by.purpose, hold, str(End.POSTED)])


def void_hold(*, caller: str, key: str, hold: int, by: Actor) -> Answer:
    """It is called off: what was held is free again. Events: ``points.hold.voided``, ``points.hold.refused``."""
    return asked(END, [caller, key, by.ref, by.purpose, hold, str(End.VOIDED)])


def sweep_lapsed(*, by: Actor) -> int:
    """End holds and points that nobody has asked for since their time was over, account by account. Returns how many.

    Event of each, by the database: ``points.hold.expired``, ``points.transfers.posted``.
    """
    return sum(
        on_its_own(f"points_account:{account}", partial(lapse_alone, account), otherwise=0)
        for account in expired_accounts()
    )


@transaction.atomic
def lapse_alone(account: int) -> int:
    return lapse(account)


def lapse(account: int) -> int:
    """End what is over in one account, as every request does that takes from it. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT points_lapse(%s)", [account])
        return int(cursor.fetchone()[0])
