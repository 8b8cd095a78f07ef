"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (Deed("org.table.taken", _("took a table of the organisation out"), Doing.OUT),)
