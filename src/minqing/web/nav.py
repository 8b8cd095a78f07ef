"""The shape of the navigation that `web/desk.html` draws.

Config wires one context processor that puts into the template context:

- ``nav``: a tuple of `NavItem`, the most used first. The phone shows the first four as a tab bar
  and the rest behind 'More'; the desktop shows all of them at the side, in groups, and in its
  head the one that starts something new.
- ``request.actor``: its ``name`` is shown in the user menu.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One entry of the navigation. `icon` is a name in frontend/icons.txt."""

    # a word that is translated late would be translated for each comparison
    label: str | Promise = field(hash=False)
    url: str
    icon: str
    active: bool = False
    group: str = ""
    starts: bool = False


def mark_active(items: Sequence[NavItem], path: str) -> tuple[NavItem, ...]:
    """Mark the entry whose address is the longest prefix of `path`; '/' only matches itself."""
    fitting = [item.url for item in items if item.url == path or (item.url != "/" and path.startswith(item.url))]
    best = max(fitting, key=len, default=None)
    return tuple(replace(item, active=item.url == best) for item in items)


# the headings of the groups at the side, in their order; a person's own work has none
HEADINGS: Mapping[str, str | Promise] = {
    "own": "",
    "records": _("Records"),
    "points": _("Points"),
    "tools": _("Tools"),
    "organisation": _("Organisation"),
    "system": _("System"),
}


# more entries than this nobody reads through for the one they want: the groups behind the first two fold
UNFOLDED: Final = 12
KEPT_OPEN: Final = ("own", "records", "organisation")


@dataclass(frozen=True, slots=True)
class NavGroup:
    """The entries under one heading. What ``folds`` has them behind it, ``open`` around the page that is shown."""

    heading: str | Promise
    items: Sequence[NavItem]
    folds: bool = False
    open: bool = False


def grouped(items: Sequence[NavItem]) -> list[NavGroup]:
    """What stands at the side of the desk: the entries under their headings, without empty ones.

    Where they are too many for a screen, only the group with the page that is open stays unfolded beside a person's
    own work and the records.
    """
    groups = {name: [item for item in items if item.group == name and not item.starts] for name in HEADINGS}
    groups["own"] += [item for item in items if item.group not in HEADINGS and not item.starts]
    many = sum(map(len, groups.values())) > UNFOLDED
    return [
        NavGroup(HEADINGS[name], some, many and name not in KEPT_OPEN, any(one.active for one in some))
        for name, some in groups.items()
        if some
    ]
