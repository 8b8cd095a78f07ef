"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from minqing.org.enums import Role
from tests.architecture.matrix import Line

LINES = {"localnames:names": Line({Role.OPERATOR})}
LOCKED = {"localnames.services.set_names": "the names of one kind and language"}
TOLD_BY = {"localnames.services.store": "localnames.names.changed"}
