"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from tests.architecture.matrix import ANYONE, Line, door, fixed
from tests.architecture.reasons import SLOWED

LINES = {
    "doorstep:check": Line(ANYONE),
    "doorstep:as_we_write": Line(ANYONE, at=fixed("nothing"), ok=301),
    "doorstep:door": Line(ANYONE, at=door),
    "doorstep:who": Line(ANYONE, at=door),
    "doorstep:who_at_plate": Line(ANYONE),
}
BY_OTHER_WAYS = {
    "doorstep:who_at_plate": "from a machine's picture, which names no household",
}
ADDS = {"IdentityForm"}
UNSEEN = {"who.html": "shows who somebody is, or forgets it; nothing is stored"}
TOLD_BY = {
    "doorstep.services.sweep_buckets": SLOWED,
}
