"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from tests.architecture.matrix import ANYONE, Line

# in a demonstration alone; elsewhere there are no such pages
LINES = {
    "demo:tour": Line(ANYONE, ok=404),
    "demo:go": Line(ANYONE, post=True, ok=404),
}
BY_OTHER_WAYS = {"demo:tour": "in a demonstration, from the page for signing in"}
UNSEEN = {
    "demo:go": "signs somebody made-up in and changes no record",
}
CALLS_OUT = {"src/minqing/demo/bench_matters.py": "its own server on the loopback"}
