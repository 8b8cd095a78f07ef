"""One thing that ``minqing doctor`` looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing checked: whether it is well, what was seen, and how to mend it."""

    name: str
    well: bool
    seen: str
    mend: str = ""
