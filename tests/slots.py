"""A page as rooms make it that a test knows: what another room adds there later is not this test's."""

from __future__ import annotations

import pytest

from minqing.web import slots


def keep_parts_of(monkeypatch: pytest.MonkeyPatch, slot: str, *rooms: str) -> None:
    """Leave in ``slot`` what these rooms add to it."""
    of_rooms = tuple(f"minqing.{room}." for room in rooms)
    kept = [part for part in slots._parts[slot] if part.made.__module__.startswith(of_rooms)]
    monkeypatch.setitem(slots._parts, slot, kept)
