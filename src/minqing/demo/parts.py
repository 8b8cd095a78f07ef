"""The parts of the made-up county that rooms bring, from the lowest room up."""

from __future__ import annotations

from django.utils.module_loading import import_string

from minqing.households.demo import DemoPart

_names: list[str] = []


def register(name: str) -> None:
    """The dotted name of a class: nothing of it is imported before a county is made."""
    if name not in _names:
        _names.append(name)


def parts() -> list[type[DemoPart]]:
    return [import_string(name) for name in _names]
