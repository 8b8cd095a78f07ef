"""Reference data: versioned YAML beside each room, loaded as often as one likes."""

from __future__ import annotations

from minqing.config.rooms import rooms
from minqing.core.actor import Actor


def load_reference() -> None:
    """Bring categories, tags, working days and search words to this release. Changes nothing that is current."""
    from django.db import transaction

    by = Actor.system("reference")
    with transaction.atomic():
        for room in rooms():
            for load in room.reference:
                load(by=by)
