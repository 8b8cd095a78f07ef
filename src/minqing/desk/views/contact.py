"""To whom somebody turns for whose work there are few pages as yet."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from minqing.org.access import PageRequest
from minqing.org.enums import Role
from minqing.org.queries import backstop_unit
from minqing.web.slots import drawn

# their own rooms are still to come
WAITING: Final = frozenset({Role.LIAISON, Role.VOLUNTEER})


def contact(request: PageRequest, _now: datetime) -> str:
    """The office of the place, with its telephone: it takes in what these posts cannot."""
    area = request.post.area_id if request.post else None
    office = backstop_unit(area) if area else None
    context = {"office": office, "liaison": request.actor.has(Role.LIAISON)}
    return drawn(request, "desk/parts/contact.html", context)
