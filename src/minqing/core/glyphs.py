"""Characters for which no font is installed here: printed, they would be empty boxes."""

from __future__ import annotations

import re
import subprocess
from functools import lru_cache
from typing import Final

from minqing.core.characters import RARE_HAN

# of what is common the fonts are checked as a whole; the private area holds what programs made up for themselves
_RARE: Final = re.compile(f"[{RARE_HAN}\ue000-\uf8ff]")
# one each of extension A, B and a later one, as they stand in names of today
SAMPLES: Final = "㙇𠮷𬱖"


def rare(text: str) -> list[str]:
    """The characters of ``text`` that a computer may well have no font for, each once."""
    return list(dict.fromkeys(_RARE.findall(text)))


def missing(text: str) -> list[str]:
    """The rare characters of ``text`` without a font here, each once; none where fontconfig cannot be asked."""
    return [one for one in rare(text) if not has_font(one)]


@lru_cache(maxsize=10_000)
def has_font(character: str) -> bool:
    try:
        asked = ["fc-list", f":charset={ord(character):x}", "family"]
        return bool(subprocess.run(asked, capture_output=True, text=True, check=False, timeout=20).stdout.strip())
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return True
