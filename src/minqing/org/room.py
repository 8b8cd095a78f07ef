"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Group, Mount, Room
from minqing.org.api import router
from minqing.org.enums import Role
from minqing.org.imports import KINDS
from minqing.org.services import load_work_days

OPERATORS = frozenset({Role.OPERATOR})

ROOM = Room(
    name="org",
    pages=(Mount("accounts/", "minqing.org.signin.urls"), Mount("", "minqing.org.urls")),
    entries=(
        Entry(
            200, "admin:org_area_changelist", _("Organisation and working days"), "gear", OPERATORS, Group.ORGANISATION
        ),
    ),
    api=(router,),
    tables=tuple(KINDS),
    slots=("org.sign_in", "org.unit"),
    reference=(load_work_days,),
    admin="minqing.org.admin",
)
