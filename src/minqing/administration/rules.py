"""Who looks after the organisation. What each write forbids is in ``org.rules``. Pure."""

from __future__ import annotations

from typing import Final

from minqing.org.enums import Role

OPERATORS: Final = frozenset({Role.OPERATOR})
