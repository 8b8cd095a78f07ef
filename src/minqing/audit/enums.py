"""Words of the record's pages."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Doing
from minqing.core.words import Word


class Source(Word):
    """From where something came, as the journal names who did it."""

    STAFF = "user", _("Staff, signed in")
    RESIDENT = "resident", _("Residents, by code or link")
    PARTNER = "partner", _("Other systems")
    SYSTEM = "system", _("The system by itself")


SORTS: Final = {
    Doing.DONE: _("Made or changed"),
    Doing.LOOK: _("Looked at personal data"),
    Doing.OUT: _("Taken out or printed"),
    Doing.SIGN: _("Signed in or out"),
    Doing.DENIED: _("Refused"),
    Doing.UPKEEP: _("Done by the system"),
}
