"""``keys.json``, where the embedded server's keys lie: new keys beside the former ones, and without them."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

# makes links and check codes, which stand on paper and never change; there once the index key was changed
LINK: Final = "link_key"


def kept_in(path: Path) -> dict[str, Any]:
    """What the file says; raises OSError or ValueError where it cannot be read."""
    told = json.loads(path.read_text())
    return told if isinstance(told, dict) else {}


def former(name: str) -> str:
    """What the former keys of that name are called: a list, the newest last, where there are any."""
    return f"old_{name}s"


def former_kept(path: Path, name: str) -> list[str]:
    """The former keys of that name; none where there is no such file."""
    kept = kept_in(path).get(former(name), []) if path.exists() else []
    return [str(one) for one in kept] if isinstance(kept, list) else []


def link_kept(path: Path) -> str:
    """Empty where it is the index key."""
    return str(kept_in(path).get(LINK, "")) if path.exists() else ""


def renew_key(path: Path, name: str) -> None:
    """Make another one; the one in use becomes a former one, which is still read and looked for."""
    told = kept_in(path)
    made = told | {name: secrets.token_hex(32), former(name): [*former_kept(path, name), told[name]]}
    if name == "index_key":
        made.setdefault(LINK, told[name])
    write(path, made)


def drop_former_keys(path: Path, names: Iterable[str]) -> None:
    gone = {former(name) for name in names}
    write(path, {name: value for name, value in kept_in(path).items() if name not in gone})


def write(path: Path, told: Mapping[str, object]) -> None:
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
