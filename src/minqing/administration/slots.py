"""What this room adds to the operator's first page."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from minqing.org.access import PageRequest
from minqing.org.queries.upkeep import Look, people_to_look_at
from minqing.web.pieces import Stat, link
from minqing.web.slots import drawn


def on_operator(request: PageRequest, _now: datetime) -> str:
    """How many may sign in, and who among them is to be looked at."""
    everybody, found = people_to_look_at()
    names = {
        Look.NO_POST: _("Without a post"),
        Look.NEVER: _("Never signed in"),
        Look.AWAY: _("Perhaps gone"),
    }
    stats = [
        Stat(_("May sign in"), everybody, url=link("administration:people")),
        *(Stat(label, found[look], url=link("administration:people", look=look)) for look, label in names.items()),
    ]
    return drawn(request, "administration/parts/staff.html", {"stats": stats})
