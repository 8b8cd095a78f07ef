"""Every address that the URL configuration answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One pattern: its name with namespace, its path with converters, its view."""

    name: str
    path: str
    view: Callable[..., Any]

    @property
    def gate(self) -> Any:
        return getattr(self.view, "gate", None)


def addresses() -> list[Address]:
    return list(walk(get_resolver().url_patterns, "", ""))


def walk(patterns: list[URLPattern | URLResolver], space: str, path: str) -> Iterator[Address]:
    for one in patterns:
        here = f"{path}{one.pattern}"
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from walk(one.url_patterns, inner, here)
        else:
            yield Address(name=f"{space}{one.name or ''}", path=here, view=one.callback)
