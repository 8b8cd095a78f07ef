"""Each role at each act beside the moves of matters, through its own page: offered is allowed is done, and no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.architecture.of_rooms import brought
from tests.architecture.offers import Scene, walk
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.fault(88), pytest.mark.fault(93)]


SCENES: dict[str, Callable[[Cast], Scene]] = brought("OFFERS")


@pytest.mark.parametrize("name", SCENES)
def test_what_is_offered_is_allowed_and_done_and_nothing_else(cast: Cast, name: str) -> None:
    wrong = walk(cast, SCENES[name](cast))
    assert not wrong, "\n".join(wrong)
