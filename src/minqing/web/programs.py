"""Addresses that programs call and no person opens, as the rooms declare them."""

from __future__ import annotations

from typing import Final

from minqing.core.registry import Registry
from minqing.core.room import Programs

PROGRAMS: Final = Registry[Programs](lambda programs: programs.prefix)


def takes_problems(path: str) -> bool:
    """Whether who calls that address is told by problem+json what goes wrong."""
    programs = programs_at(path)
    return programs is not None and programs.failed is None


def programs_at(path: str) -> Programs | None:
    """Those to whose addresses ``path`` belongs; None where a person may open it."""
    return next((one for one in PROGRAMS if path.startswith(one.prefix)), None)
