"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Mount, Room
from minqing.households.imports import KINDS
from minqing.households.services import load_tags
from minqing.households.subjects import SUBJECTS
from minqing.org.enums import FIELD

ROOM = Room(
    name="households",
    pages=(Mount("households/", "minqing.households.urls"),),
    entries=(Entry(50, "households:list", _("Households"), "people", FIELD),),
    tables=tuple(KINDS),
    reference=(load_tags,),
    subjects=SUBJECTS,
)
