"""``make bundle``: all that a machine without a way out needs of us, with the checksum of each file.

    bundle.py TARGET [WHEEL…]    the wheels named, and of what is locked those for this machine's Python

The lock's hashes are checked as they are fetched; what is bought from Debian is named in ``debian-packages.txt``.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
# what lies beside the wheels
BESIDE = ("deploy/debian-packages.txt", "deploy/Containerfile", "docs/operations.md", "LICENSE", "NOTICE")
SUMS = "SHA256SUMS"


def fetch(wheels: Path, *, locked: Path = LOCK) -> None:
    """As wheels, so that nothing is built where it is installed."""
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "--no-deps", "--wheel-dir", str(wheels), "--requirement", str(locked)], check=True)


def lay_out(target: Path, own: Sequence[Path]) -> Path:
    """The folder without what is fetched; returns where the wheels go."""
    shutil.rmtree(target, ignore_errors=True)
    wheels = target / "wheels"
    wheels.mkdir(parents=True)
    for path in own:
        shutil.copy(path, wheels)
    for name in BESIDE:
        shutil.copy(ROOT / name, target)
    return wheels


def sums(target: Path) -> str:
    """As ``sha256sum --check`` reads them."""
    files = sorted(path for path in target.rglob("*") if path.is_file() and path.name != SUMS)
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(target).as_posix()}\n" for path in files
    )


def main(target: Path, own: Sequence[Path]) -> None:
    fetch(lay_out(target, own))
    (target / SUMS).write_text(sums(target), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(one) for one in sys.argv[2:]])
