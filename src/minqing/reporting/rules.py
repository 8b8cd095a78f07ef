"""How often a resident may report, look up and answer, and for how long a closed matter may be opened again. Pure."""

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
# codes of eight characters out of 31 (8.5e11 of them), tried on one number. Narrow from one address, so that a few
# wrong ones there shut it for nobody elsewhere: the reporter and the household come from other addresses. Wide from all
# together, 2,880 a day. With that used up, the first three of a day from each network are looked at all the same: sixty
# addresses would else shut a number for its reporter. So a thousand networks have 2,880 + 3,000 tries a day: in a year
# they find the code of the chosen number with a chance of 2.5e-6, a hundred thousand networks with 1.3e-4. Sprayed over
# all numbers, a hundred tries a second for a year find any one with 4e-3 (docs/privacy.md)
FIND_BY_BOTH: Final = Limit("find.both", 10, timedelta(minutes=10))
FIND_BY_NUMBER: Final = Limit("find.number", 600, timedelta(seconds=30))
FIND_FIRST: Final = Limit("find.first", 3, timedelta(hours=8))
FIND_BY_ADDRESS: Final = Limit("find.address", 30, timedelta(minutes=1))
# a helper types what a slip says: a hall with one address has many of them, and none opens more than their hand holds.
# Their buckets are their own: what strangers try without an account shuts no slip
SLIP_BY_BOTH: Final = Limit("slip.both", 10, timedelta(minutes=10))
SLIP_BY_NUMBER: Final = Limit("slip.number", 600, timedelta(seconds=30))
SLIP_FIRST: Final = Limit("slip.first", 3, timedelta(hours=8))
SLIP_BY_HELPER: Final = Limit("slip.helper", 30, timedelta(minutes=1))
WORD_BY_TICKET: Final = Limit("word.ticket", 20, timedelta(minutes=5))

REOPEN_WITHIN: Final = timedelta(days=365)


def may_reopen(*, closed_at: datetime | None, now: datetime) -> Decision:
    """The reporter may open a confirmed matter again for a year; later things are reported anew."""
    if closed_at is not None and now - closed_at <= REOPEN_WITHIN:
        return Decision.yes()
    return Decision.no("closed_long_ago", _("This was closed more than a year ago. Please report it anew."))
