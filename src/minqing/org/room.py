"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Beginning, Life, Mount, Room
from minqing.org import kinds
from minqing.org.api import router
from minqing.org.deeds import DEEDS
from minqing.org.imports import KINDS
from minqing.org.lifecycle import CHANGE
from minqing.org.queries import area_count, post_count, units_at_work
from minqing.org.services import load_work_days

ROOM = Room(
    name="org",
    pages=(Mount("accounts/", "minqing.org.signin.urls"), Mount("", "minqing.org.urls")),
    api=(router,),
    tables=tuple(KINDS),
    slots=("org.sign_in",),
    beginnings=(
        Beginning(10, _("Areas"), "areas", area_count),
        Beginning(20, _("Units"), "units", lambda: len(units_at_work())),
        Beginning(30, _("Staff"), "staff", post_count),
    ),
    reference=(load_work_days,),
    deeds=DEEDS,
    lifecycles=(Life("Changes of areas 区划调整", CHANGE, "Moved by the *operator*, and ended by a job."),),
    jobs={
        "org.changes": _("Taking along what lies in an area that has become part of another one"),
        "org.changes.left": _("Taking up such a change that was broken off"),
    },
    gathers={"placed": kinds.PLACED.register},
)
