"""Places on a room's pages to which other rooms add something of theirs, without being known there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest
from django.template.backends.utils import csrf_token_lazy
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from minqing.core.room import SlotPart

_parts: dict[str, list[SlotPart]] = {}


def register(part: SlotPart) -> None:
    """Called once in every process for each, the lower rooms first; the same part again changes nothing."""
    known = _parts.setdefault(part.slot, [])
    if part not in known:
        known.append(part)
        known.sort(key=lambda one: one.rank)


def parts(slot: str, request: HttpRequest, about: object) -> list[SafeString]:
    """The HTML that is added there for who asks, in the order of the ranks."""
    return [mark_safe(one) for one in made(slot, request, about) if one]  # noqa: S308  # templates have made it


def given(slot: str, request: HttpRequest, about: object) -> list[Any]:
    """The things that are added there for who asks, of all rooms in one list."""
    return [thing for things in made(slot, request, about) for thing in things]


def made(slot: str, request: Any, about: object) -> Iterator[Any]:
    for part in parts_for(slot, request):
        yield part.made(request, about)


def parts_for(slot: str, request: Any) -> list[SlotPart]:
    """What is there for who asks, before anything of it is made."""
    return [part for part in _parts.get(slot, ()) if part.roles is None or request.actor.has(*part.roles)]


def drawn(request: HttpRequest, template: str, context: Mapping[str, Any]) -> SafeString:
    """A part of a page. What the frame of the page needs (navigation, messages) is not made for it once more."""
    return render_to_string(template, {"request": request, "csrf_token": csrf_token_lazy(request), **context})
