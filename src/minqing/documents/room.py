"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Room
from minqing.documents import kinds

# what the journal's events of this room are called
DEEDS = (Deed("documents.template.replaced", _("put in another template of a print sheet")),)

ROOM = Room(name="documents", gathers={"sheets": kinds.SHEETS.register}, deeds=DEEDS)
