"""Who looks after the organisation. What each write forbids is in ``org.rules``. Pure."""

from __future__ import annotations

from typing import Final

from minqing.org.enums import Role

OPERATORS: Final = frozenset({Role.OPERATOR})
# start passwords on one sheet: each takes a digest that is slow on purpose
MOST_AT_ONCE: Final = 200
