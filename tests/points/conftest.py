"""Fixtures of this room."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.points.ledgers import Ledger, small


@pytest.fixture
def ledger(cast: Cast) -> Ledger:
    """Inside the test's transaction."""
    return small(cast)


@pytest.fixture
def committed_ledger(committed_cast: Cast) -> Ledger:
    """In committed rows, for several connections."""
    return small(committed_cast)
