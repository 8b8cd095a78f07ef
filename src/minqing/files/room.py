"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Room
from minqing.files.subjects import SUBJECTS

# what the journal's events of this room are called
DEEDS = (
    Deed("files.picture.stored", _("added a picture")),
    Deed("files.picture.deleted", _("deleted a picture")),
)

ROOM = Room(
    name="files",
    subjects=SUBJECTS,
    deeds=DEEDS,
    jobs={
        "minqing.files.tasks.sweep": _("Deleting files that nothing holds"),
    },
)
