"""What rooms above see of this one's rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class ChecklistLike(Protocol):
    """One version of a checklist; ``items`` are ``{"code", "look", "severity"}`` each."""

    pk: int
    code: str
    name: str
    items: Sequence[Mapping[str, Any]]
