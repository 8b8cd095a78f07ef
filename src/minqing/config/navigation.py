"""The entries of the navigation for each role: where a person's work is."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from minqing.config.rooms import rooms
from minqing.core.room import Entry
from minqing.org.enums import Role
from minqing.web.nav import NavItem, mark_active


def entries() -> tuple[Entry, ...]:
    """All there are, most used first."""
    return tuple(sorted((one for room in rooms() for one in room.entries), key=lambda one: one.rank))


def navigation(request: HttpRequest) -> tuple[NavItem, ...]:
    post = getattr(request, "post", None)
    if post is None:
        return ()
    role = Role(post.role)
    items = [
        NavItem(label=entry.label, url=reverse(entry.url_name), icon=entry.icon, group=entry.group, starts=entry.starts)
        for entry in entries()
        if entry.is_for(role)
    ]
    return mark_active(items, request.path)
