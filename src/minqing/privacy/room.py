"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Room
from minqing.privacy import subjects
from minqing.privacy.checks import rights
from minqing.privacy.withholding import SUBJECTS

# what the journal's events of this room are called
DEEDS = (
    Deed("privacy.person.withheld", _("saw to it that a number is called and written to no more")),
    Deed("privacy.person.erased", _("erased what was kept to call nobody there")),
)

ROOM = Room(
    name="privacy", checks=(rights,), subjects=SUBJECTS, gathers={"subjects": subjects.ROOMS.register}, deeds=DEEDS
)
