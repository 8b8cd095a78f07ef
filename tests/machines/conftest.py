"""Fixtures of this room."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import Cast
from tests.machines.world import World


@pytest.fixture
def world(cast: Cast, tmp_path: Path) -> World:
    """Inside the test's transaction; the machine has been heard of."""
    made = World(cast, tmp_path)
    made.turns(1)
    return made
