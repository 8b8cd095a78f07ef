"""The program in the machine: a process with a file of its own, in which everything stands before it is done.

It knows neither Django nor the server's tables; the driver is the seam behind which real hardware is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

# what it must know, where no other file is named
FILE: Final = Path("machine.toml")
