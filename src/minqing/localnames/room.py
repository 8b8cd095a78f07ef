"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Entry, Group, Mount, Room
from minqing.localnames import kinds
from minqing.localnames.imports import KIND
from minqing.org.enums import Role

# what the journal's events of this room are called
DEEDS = (
    Deed("localnames.names.changed", _("changed the county's own names")),
    Deed("localnames.names_import.loaded", _("loaded the county's own names from a table")),
)

ROOM = Room(
    name="localnames",
    pages=(Mount("matters/names/", "minqing.localnames.urls"),),
    entries=(Entry(180, "localnames:names", _("Names"), "tag", frozenset({Role.OPERATOR}), Group.SYSTEM),),
    tables=(KIND,),
    gathers={"vocabularies": kinds.VOCABULARIES.register},
    deeds=DEEDS,
)
