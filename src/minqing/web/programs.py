"""Addresses that programs call and no person opens, as the rooms declare them."""

from __future__ import annotations

from minqing.core.room import Programs

_programs: dict[str, Programs] = {}


def register(programs: Programs) -> None:
    """Called once in every process; the same prefix again replaces them."""
    _programs[programs.prefix] = programs


def takes_problems(path: str) -> bool:
    """Whether who calls that address is told by problem+json what goes wrong."""
    programs = programs_at(path)
    return programs is not None and programs.failed is None


def programs_at(path: str) -> Programs | None:
    """Those to whose addresses ``path`` belongs; None where a person may open it."""
    return next((one for prefix, one in _programs.items() if path.startswith(prefix)), None)
