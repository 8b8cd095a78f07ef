"""What the doctor looks at of requests."""

from __future__ import annotations

from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.health import Finding
from minqing.org.queries import system_actor
from minqing.privacy.access import transaction_as
from minqing.rights.queries import late_since


def requests_late() -> Finding:
    with transaction_as(system_actor("minqing doctor")):
        since = late_since(clock.now())
    seen = (
        _("{count} late, the oldest since {day}").format(count=len(since), day=clock.local_date(since[0]))
        if since
        else _("none late")
    )
    mend = _("Ask the township's clerk or leader to answer them on the page Requests about own data.")
    return Finding(_("requests about own data"), not since, seen, mend)
