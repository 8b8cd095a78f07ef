"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Group, Mount, Room
from minqing.localnames import kinds
from minqing.localnames.deeds import DEEDS
from minqing.localnames.imports import KIND
from minqing.org.enums import Role

ROOM = Room(
    name="localnames",
    pages=(Mount("matters/names/", "minqing.localnames.urls"),),
    entries=(Entry(180, "localnames:names", _("Names"), "tag", frozenset({Role.OPERATOR}), Group.SYSTEM),),
    tables=(KIND,),
    gathers={"vocabularies": kinds.VOCABULARIES.register},
    deeds=DEEDS,
)
