"""What the doctor looks at of exports."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.health import Finding
from minqing.exports.queries import waiting_since
from minqing.org.queries import system_actor
from minqing.privacy.access import transaction_as

# one waits for a person, who may be off until tomorrow
EXPORT_WAITS: Final = timedelta(hours=24)


def exports() -> Finding:
    with transaction_as(system_actor("minqing doctor")):
        since = waiting_since()
    late = bool(since) and since[0] < clock.now() - EXPORT_WAITS
    seen = (
        _("{since} waiting, the oldest since {day}").format(since=len(since), day=clock.local_date(since[0]))
        if since
        else _("none waits")
    )
    return Finding(_("exports"), not late, seen, _("Ask a clerk or leader of the place to decide on the page Exports."))
