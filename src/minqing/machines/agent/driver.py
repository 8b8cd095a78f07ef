"""What moves the goods. A driver for real hardware (MDB, a relay board) is one more class with these four methods."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

DROPPED, FAILED = "dropped", "failed"


class Driver(Protocol):
    def dispense(self, slot: int, id: str) -> tuple[str, str]:
        """Turn the motor and look: ``dropped`` or ``failed``, and why. Returns once it is known."""

    def temperature(self) -> float | None: ...
    def door_open(self) -> bool | None: ...
    def jammed(self) -> bool | None: ...


class Simulated:
    """A tray of files in a folder: ``dropped.log`` is what has really fallen, whatever becomes of the program.

    ``state.json`` can be changed while it runs: pieces by slot, a slot that jams, the temperature, the door.
    """

    def __init__(self, folder: Path, *, seconds: float = 0.0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log, self.state, self.seconds = folder / "dropped.log", folder / "state.json", seconds

    def now(self) -> Mapping[str, Any]:
        try:
            told = json.loads(self.state.read_text())
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}

    def fallen(self) -> list[tuple[str, int]]:
        """Command and slot of each piece that fell."""
        if not self.log.exists():
            return []
        rows = (line.split() for line in self.log.read_text().splitlines())
        return [(id, int(slot)) for id, slot in rows]

    def dispense(self, slot: int, id: str) -> tuple[str, str]:
        time.sleep(self.seconds)
        state = self.now()
        if slot == state.get("jams"):
            return FAILED, "jam"
        pieces = state.get("pieces", {}).get(str(slot))
        if pieces is not None and pieces <= sum(1 for _id, fallen in self.fallen() if fallen == slot):
            return FAILED, "empty"
        with self.log.open("a") as file:
            file.write(f"{id} {slot}\n")
        return DROPPED, ""

    def temperature(self) -> float | None:
        return float(self.now().get("temperature", 5.0))

    def door_open(self) -> bool | None:
        return bool(self.now().get("door", False))

    def jammed(self) -> bool | None:
        return self.now().get("jams") is not None
