"""Places on a room's pages to which rooms above it add something of theirs, without being known there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

# for a request, and what the page is about: HTML that a template of the adding room has made, or nothing
Part = Callable[[Any, Any], str]
_parts: dict[str, list[Part]] = {}


def register(slot: str, part: Part) -> None:
    """Called once in every process; the same part again changes nothing."""
    known = _parts.setdefault(slot, [])
    if part not in known:
        known.append(part)


def parts(slot: str, request: HttpRequest, about: object) -> list[SafeString]:
    """What is added there, in the order of the rooms."""
    made = (part(request, about) for part in _parts.get(slot, ()))
    return [mark_safe(one) for one in made if one]  # noqa: S308  # templates have made it
