"""Python's cyclic garbage collector, run less often: a server makes few cycles and holds much that never dies."""

from __future__ import annotations

import gc

# new objects before the young are looked through (Python's own: 700), and how many of such rounds for the older ones
OBJECTS, ROUNDS, LONG_ROUNDS = 50_000, 20, 50


def tune_gc() -> None:
    """For a server that has loaded its applications; what they hold is looked through no more.

    A page makes some ten thousand objects, so that by Python's own measure each paid for several searches.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS, ROUNDS, LONG_ROUNDS)
