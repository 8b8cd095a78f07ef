"""Fixtures of the organisation's tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from minqing.journal.models import Event


@pytest.fixture
def test_pages(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.org.pages"


@pytest.fixture
def events() -> Callable[[str], list[Event]]:
    """Events whose type begins so, oldest first."""
    return lambda kind: list(Event.objects.filter(type__startswith=kind).order_by("seq"))
