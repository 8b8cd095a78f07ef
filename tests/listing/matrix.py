"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from minqing.org.enums import DESK, FIELD, Role
from tests.architecture.matrix import CONCERNED, NOBODY, Line, unknown

# somebody else's list does not exist; who has one is in tests/listing/test_keeping.py
LINES = {
    "listing:worklist": Line(FIELD | DESK | {Role.LEADER}),
    "listing:kept": Line(CONCERNED),
    "listing:keep": Line(CONCERNED, post=True, ok=422),
    "listing:drop": Line(CONCERNED, at=unknown(), reach=NOBODY, post=True),
}
UNSEEN = {"listing:drop": "one's own"}
ADDS = {"KeepForm"}
OWN = {"listing.services.save_filter", "listing.services.drop_filter"}
STAFFED = {
    "listing.SavedFilter.account": "one's own, which nobody else misses",
}
LOCKED = {
    "listing.services.save_filter": "one's own lists, by their name",
}
