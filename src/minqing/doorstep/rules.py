"""How much is let through at the door, and for how long a closed matter may be opened again. Pure.

All limits of the residents' pages stand here and nowhere else. Many phones of one mobile network, and a whole
village office, share one address: limits by address are wide, those by code, number and link are narrow.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.decision import Decision
from minqing.core.limits import Limit

# a form with a mistake in it counts as well: ten tries, then one in five minutes
REPORT_BY_CODE: Final = Limit("report.code", 10, timedelta(minutes=5))
REPORT_BY_ADDRESS: Final = Limit("report.address", 60, timedelta(seconds=30))
REPORT_OVERALL: Final = Limit("report.all", 600, timedelta(seconds=0.2))
# addresses that lead nowhere: codes of the door and private links. With none left a wrong one is refused before it is
# answered; a right one opens, whoever else guessed from the same network
GUESS_BY_ADDRESS: Final = Limit("guess.address", 60, timedelta(seconds=30))
# a follow code has 39 bits: 144 wrong tries a day on one number do not get far
FIND_BY_ADDRESS: Final = Limit("find.address", 30, timedelta(minutes=1))
FIND_BY_NUMBER: Final = Limit("find.number", 10, timedelta(minutes=10))
# a helper types what a slip says: a hall with one address has many of them, and none opens more than their hand holds
SLIP_BY_HELPER: Final = Limit("slip.helper", 30, timedelta(minutes=1))
CHECK_BY_ADDRESS: Final = Limit("check.address", 30, timedelta(minutes=1))
CHECK_BY_NUMBER: Final = Limit("check.number", 10, timedelta(minutes=10))
# searches of the public page: a hall of people who share one address
SEARCH_BY_ADDRESS: Final = Limit("search.address", 60, timedelta(seconds=2))
WORD_BY_TICKET: Final = Limit("word.ticket", 20, timedelta(minutes=5))

REOPEN_WITHIN: Final = timedelta(days=365)


def may_reopen(*, closed_at: datetime | None, now: datetime) -> Decision:
    """The reporter may open a confirmed matter again for a year; later things are reported anew."""
    if closed_at is not None and now - closed_at <= REOPEN_WITHIN:
        return Decision.yes()
    return Decision.no("closed_long_ago", _("This was closed more than a year ago. Please report it anew."))
