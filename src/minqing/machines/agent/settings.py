"""What a machine must know to be one: server, code, key, and where its files are."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from minqing.machines.formats.mqtt import Broker, broker_at, password_of

PORT: Final = 8098
KEYS: Final = ("server", "code", "key")
# where a broker tells it to ask at once, and who signed that one's certificate
FURTHER: Final = ("broker", "broker_ca")


class Unusable(Exception):
    """The file cannot be used; the words say why."""


@dataclass(frozen=True, slots=True)
class Settings:
    server: str
    code: str
    key: str
    folder: Path
    port: int = PORT
    broker: Broker | None = None


def read(path: Path) -> Settings:
    """Raises Unusable."""
    try:
        told = tomllib.loads(path.read_text())
    except OSError as error:
        raise Unusable(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unusable(f"{path}: {error}") from None
    missing = [name for name in KEYS if not isinstance(told.get(name), str) or not told[name]]
    if missing:
        raise Unusable(f"{path}: {', '.join(missing)}")
    port = told.get("port", PORT)
    if not isinstance(port, int) or not 0 <= port < 65536:
        raise Unusable(f"{path}: port")
    folder = path.parent / str(told.get("folder", f"{path.stem}.d"))
    return Settings(told["server"], told["code"], told["key"], folder, port, broker_in(told, path))


def broker_in(told: Mapping[str, Any], path: Path) -> Broker | None:
    """The machine signs in there by its code and what is made of its key. Raises Unusable."""
    address, authority = (str(told.get(name, "")) for name in FURTHER)
    if not address:
        return None
    code, key = told["code"], told["key"]
    try:
        return broker_at(address, user=code, password=password_of(key, code), authority=authority)
    except ValueError:
        raise Unusable(f"{path}: broker") from None


def write(
    path: Path, *, server: str, code: str, key: str, port: int = PORT, folder: str = "", broker: str = ""
) -> None:
    """For its owner alone to read: who has it is the machine. ``folder`` holds what it keeps, beside the file, and
    ``broker`` is the address of the one that gives it hints.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    lines = [f"{name} = {json.dumps(value)}" for name, value in (("server", server), ("code", code), ("key", key))]
    lines += [f"port = {port}", *([f"folder = {json.dumps(folder)}"] if folder else [])]
    lines += [f"broker = {json.dumps(broker)}"] if broker else []
    path.write_text("\n".join([*lines, ""]))
