"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Room
from minqing.files.deeds import DEEDS
from minqing.files.subjects import SUBJECTS

ROOM = Room(
    name="files",
    subjects=SUBJECTS,
    deeds=DEEDS,
    jobs={
        "minqing.files.tasks.sweep": _("Deleting files that nothing holds"),
    },
)
