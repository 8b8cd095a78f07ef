"""A cadre with a phone, and households in their care."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from minqing.core.ids import new_id
from minqing.visits.services import assign_household
from tests.cast import Cast
from tests.sync.phone import Phone

Home = Callable[..., Any]


@pytest.fixture
def phone(cast: Cast) -> Phone:
    return Phone(cast.client("cadre")).register()


@pytest.fixture
def home(cast: Cast) -> Home:
    """A household in somebody's care, with one person in it."""

    def make(who: str = "cadre", name: str = "张桂芬") -> Any:
        made = cast.household(number=f"H{new_id().hex[-10:].upper()}")
        cast.resident(made, name)
        with cast.everything() as system:
            assign_household(household=made, account_id=cast.account(who).id, every_days=90, by=system)
        return made

    return make
