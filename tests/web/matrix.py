"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from tests.architecture.matrix import EVERYONE, Line, fixed

# in a demonstration alone; elsewhere there are no such pages
LINES = {
    "design:index": Line(EVERYONE, ok=404),
    "design:page": Line(EVERYONE, at=fixed("choose"), ok=404),
    "design:bare": Line(EVERYONE, at=fixed("choose"), ok=404),
    "design:act": Line(EVERYONE, post=True, ok=404),
}
ADDS = {
    "PublicForm",
}
UNSEEN = {
    "design:act": "a sample of a button: it stores nothing",
    "going_on.html": "each of what it sends says what was seen of it",
    "messages.html": "it undoes what was just done and names it; what was done since is told",
}
