"""The shape of the navigation that `web/desk.html` draws.

Config wires one context processor that puts into the template context:

- ``nav``: a tuple of `NavItem`, the most used first. The phone shows the first four as a tab bar
  and the rest behind 'More'; the desktop shows all of them in the side bar.
- ``request.actor``: its ``name`` is shown in the user menu.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One entry of the navigation. `icon` is a name in frontend/icons.txt; `count` is a badge (0 = none)."""

    # a word that is translated late would be translated for each comparison
    label: str | Promise = field(hash=False)
    url: str
    icon: str
    active: bool = False
    count: int = 0


def mark_active(items: Sequence[NavItem], path: str) -> tuple[NavItem, ...]:
    """Mark the entry whose address is the longest prefix of `path`; '/' only matches itself."""
    fitting = [item.url for item in items if item.url == path or (item.url != "/" and path.startswith(item.url))]
    best = max(fitting, key=len, default=None)
    return tuple(replace(item, active=item.url == best) for item in items)
