"""Versioned reference data: a YAML file beside a room's code with a ``version`` and a list of ``items``."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, TypedDict

import yaml


class Reference(TypedDict):
    version: int
    items: list[dict[str, Any]]


def read_reference(package: str, name: str) -> Reference:
    """``reference/<name>.yaml`` of the room ``package`` (``minqing.matters``)."""
    text = (files(package) / "reference" / f"{name}.yaml").read_text(encoding="utf-8")
    found: Reference = yaml.safe_load(text)
    return found
