"""Checklists as they are now, and as they were."""

from __future__ import annotations

from django.db.models import QuerySet

from minqing.core.errors import NotFound
from minqing.hazards.models import ChecklistVersion


def current_checklists(*, withdrawn: bool = False) -> QuerySet[ChecklistVersion]:
    """Those in force, in their order; with those that nobody is asked for any more."""
    rows = ChecklistVersion.objects.filter(current=True).order_by("position", "code")
    return rows if withdrawn else rows.filter(withdrawn=False)


def current_checklist(code: str) -> ChecklistVersion:
    """NotFound for a code that no checklist has."""
    found = ChecklistVersion.objects.filter(current=True, code=code).first()
    if found is None:
        raise NotFound("checklist")
    return found


def checklist_sent(version_id: int) -> ChecklistVersion:
    """The version that somebody looked by; it may have been replaced since. NotFound where there is none."""
    found = ChecklistVersion.objects.filter(pk=version_id).first()
    if found is None:
        raise NotFound("checklist")
    return found


def versions_of(code: str) -> list[ChecklistVersion]:
    """The newest first, with who wrote each."""
    return list(ChecklistVersion.objects.filter(code=code).select_related("by").order_by("-number"))
