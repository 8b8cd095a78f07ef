"""What the rooms bring of the steps in which a county is set up."""

from __future__ import annotations

from typing import Final

from minqing.core.registry import Registry
from minqing.core.room import Beginning

BEGINNINGS: Final[Registry[Beginning]] = Registry(lambda one: str(one.rank))
