"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed

DEEDS = (
    Deed("localnames.names.changed", _("changed the county's own names")),
    Deed("localnames.names_import.loaded", _("loaded the county's own names from a table")),
)
