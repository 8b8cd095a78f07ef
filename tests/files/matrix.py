"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from tests.architecture.reasons import ORDERED

TOLD_BY = {
    "files.services.remove_files": "files.picture.deleted",
}
LOCKED = {
    "files.services.delete_pictures": ORDERED,
    "files.services.hold_pictures": ORDERED,
    "files.services.lock_pictures": ORDERED,
}
UNPAIRED = {
    "files.services.store_pictures": "store_picture for each",
}
INSIDE = {
    "files.services.delete_pictures",
    "files.services.store_pictures",
}
OTHERWISE = {
    "minqing.files.services.store_picture": "compares the picture that is kept",
    "minqing.files.services.keep": "store_picture",
}
OWN = {"files.services.store_picture"}
