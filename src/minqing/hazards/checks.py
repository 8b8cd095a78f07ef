"""What the doctor looks at of hazards."""

from __future__ import annotations

from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.health import Finding
from minqing.hazards.queries import late_since
from minqing.org.queries import system_actor
from minqing.privacy.access import transaction_as


def hazards_late() -> Finding:
    with transaction_as(system_actor("minqing doctor")):
        since = late_since(clock.now())
    seen = (
        _("{count} late, the oldest since {day}").format(count=len(since), day=clock.local_date(since[0]))
        if since
        else _("none late")
    )
    mend = _("Ask the townships to see to them: the page Hazards, under Overdue.")
    return Finding(_("hazards"), not since, seen, mend)
