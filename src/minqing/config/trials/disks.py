"""A small disk for the county, and the fault that fills it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from pathlib import Path
from random import Random

from minqing.config.trials.county import County

# how long the disk stays full, and how much is free on it otherwise
FULL_SECONDS = 3.0
FREE_MEGABYTES = 250
DISK = "disk full"


def disk_full(county: County, dice: Random) -> None:
    ballast = county.var / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb") as file:
        while True:
            file.write(b"\0" * (1 << 20))
            file.flush()
    time.sleep(FULL_SECONDS)
    ballast.unlink(missing_ok=True)


def small_disk(folder: Path) -> bool:
    """Mount a disk of its own on the empty ``folder``; False where that may not be done."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        return False
    words = ["mount", "-t", "tmpfs", "-o", "size=2g,mode=755", "tmpfs", str(folder)]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def nearly_full(folder: Path) -> None:
    """Leave little on it, so that filling it takes a moment."""
    size = shutil.disk_usage(folder).used // 2**20 + FREE_MEGABYTES
    subprocess.run(["mount", "-o", f"remount,size={size}m", str(folder)], capture_output=True, check=False)


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
