"""``keys.json``, where the embedded server's keys lie: a new field key beside the former ones, and without them."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any, Final

# former field keys, the newest last; not there where the field key was never changed
FORMER: Final = "old_field_keys"


def kept_in(path: Path) -> dict[str, Any]:
    """What the file says; raises OSError or ValueError where it cannot be read."""
    told = json.loads(path.read_text())
    return told if isinstance(told, dict) else {}


def former_kept(path: Path) -> list[str]:
    """The former field keys; none where there is no such file."""
    kept = kept_in(path).get(FORMER, []) if path.exists() else []
    return [str(one) for one in kept] if isinstance(kept, list) else []


def renew_field_key(path: Path) -> None:
    """Make another field key; the one in use becomes a former one, which is still read."""
    told = kept_in(path)
    write(path, told | {"field_key": secrets.token_hex(32), FORMER: [*former_kept(path), told["field_key"]]})


def drop_former_keys(path: Path) -> None:
    write(path, {name: value for name, value in kept_in(path).items() if name != FORMER})


def write(path: Path, told: dict[str, object]) -> None:
    """In one step, and on the disk before it counts: half a file of keys would be the loss of all that they open."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(told, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
