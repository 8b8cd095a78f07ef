"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Mount, Room
from minqing.org.api import router
from minqing.org.deeds import DEEDS
from minqing.org.imports import KINDS
from minqing.org.services import load_work_days

ROOM = Room(
    name="org",
    pages=(Mount("accounts/", "minqing.org.signin.urls"), Mount("", "minqing.org.urls")),
    api=(router,),
    tables=tuple(KINDS),
    slots=("org.sign_in",),
    reference=(load_work_days,),
    deeds=DEEDS,
)
