"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed

DEEDS = (
    Deed("listing.filter.saved", _("saved a filter of a list")),
    Deed("listing.filter.dropped", _("deleted a saved filter")),
    Deed("listing.person.erased", _("erased a person in saved filters on request")),
)
