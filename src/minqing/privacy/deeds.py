"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed

DEEDS = (
    Deed("privacy.person.withheld", _("saw to it that a number is called and written to no more")),
    Deed("privacy.person.erased", _("erased what was kept to call nobody there")),
)
