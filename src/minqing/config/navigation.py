"""The entries of the navigation for each role: where a person's work is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.matters.access import WATCHERS
from minqing.matters.publishing import EDITORS
from minqing.matters.queries.worklist import WORKING
from minqing.org.enums import DESK, FIELD, OVERSIGHT, Role
from minqing.visits.rules import ASSIGNERS
from minqing.web.nav import NavItem, mark_active


@dataclass(frozen=True)
class Entry:
    """One place to go: a URL name, its label and icon, and the roles it is for."""

    url_name: str
    label: object
    icon: str
    roles: frozenset[Role]


# most used first: the phone shows the first four
ENTRIES: tuple[Entry, ...] = (
    Entry("desk:today", _("Today"), "house-door", frozenset(Role) - OVERSIGHT),
    Entry("desk:leader", _("Leader's page"), "speedometer2", OVERSIGHT),
    Entry("matters:work", _("Worklist"), "list-check", WORKING),
    Entry("matters:triage", _("To sort"), "inbox", frozenset({Role.CLERK})),
    Entry("households:list", _("Households"), "people", FIELD),
    Entry("matters:list", _("Matters"), "megaphone", FIELD | DESK | OVERSIGHT),
    Entry("matters:wall", _("Supervision wall"), "stopwatch", WATCHERS),
    Entry("visits:list", _("Visits"), "journal-text", FIELD | OVERSIGHT),
    Entry("visits:care", _("Who cares for which household"), "person-check", ASSIGNERS),
    Entry("matters:routes", _("Routing rules"), "signpost", frozenset({Role.CLERK, Role.OPERATOR})),
    Entry("matters:publications", _("For the public"), "share", EDITORS),
    Entry("doorstep:slip", _("Help with a slip"), "qr-code", FIELD | DESK | {Role.VOLUNTEER}),
    Entry("intake:list", _("Import tables"), "file-earmark-arrow-up", frozenset({Role.CLERK, Role.OPERATOR})),
    Entry("matters:phrases", _("Canned replies"), "chat-left-text", DESK),
    Entry("matters:exports", _("Exports"), "file-earmark-spreadsheet", DESK | OVERSIGHT),
    Entry("matters:norms", _("Terms"), "stopwatch", frozenset({Role.OPERATOR})),
    Entry("matters:ladder", _("Overdue and waiting"), "arrow-up-circle", frozenset({Role.OPERATOR})),
    Entry("matters:names", _("Names"), "tag", frozenset({Role.OPERATOR})),
    Entry("partners:list", _("Partner systems"), "arrow-left-right", frozenset({Role.OPERATOR})),
    Entry("admin:index", _("Organisation and working days"), "gear", frozenset({Role.OPERATOR})),
)


@cache
def address(url_name: str) -> str:
    """Each page asks for all of them; none depends on language or person."""
    return reverse(url_name)


def navigation(request: HttpRequest) -> tuple[NavItem, ...]:
    post = getattr(request, "post", None)
    if post is None:
        return ()
    role = Role(post.role)
    items = [
        NavItem(label=entry.label, url=address(entry.url_name), icon=entry.icon)  # type: ignore[arg-type]
        for entry in ENTRIES
        if role in entry.roles
    ]
    return mark_active(items, request.path)
