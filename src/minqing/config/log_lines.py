"""A line of the log as JSON, for what collects those of many machines; it loads neither Django nor rooms."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import Final

SETTING: Final = "MINQING_LOG"
JSON: Final = "json"


def json_line(message: str, *, at: float, level: str = "INFO", logger: str = "minqing", traceback: str = "") -> str:
    """``at``: seconds since 1970. Whatever stands in ``message``, it is one line."""
    told: dict[str, str | int] = {
        "at": datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds"),
        "level": level,
        "logger": logger,
        "process": os.getpid(),
        "message": message,
    }
    if traceback:
        told["traceback"] = traceback
    return json.dumps(told, ensure_ascii=False)


def said(text: str, *, at: float) -> str:
    """What a process that only watches has to say, as its lines are wanted."""
    if os.environ.get(SETTING) != JSON:
        return text
    return json_line(text.strip(), at=at)
