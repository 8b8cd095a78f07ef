"""Checklists as they are now, and as they were."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import QuerySet

from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.hazards.enums import Move
from minqing.hazards.models import ChecklistVersion
from minqing.hazards.rules import MAKES


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
    found = checklist_if_there(version_id)
    if found is None:
        raise NotFound("checklist")
    return found


def checklist_if_there(version_id: int) -> ChecklistVersion | None:
    """None for a version that this server does not know."""
    return ChecklistVersion.objects.filter(pk=version_id).first()


def checklists_by(ids: Iterable[int]) -> list[ChecklistVersion]:
    """Those versions, also where they have been replaced since, in the order of the checklists."""
    return list(ChecklistVersion.objects.filter(pk__in=list(ids)).order_by("position", "code", "number"))


def names_of_checklists() -> dict[str, str]:
    """By code, in their order; also of those that nobody is asked for any more."""
    return dict(current_checklists(withdrawn=True).values_list("code", "name"))


FEED: Final = "hazards.checklist"


def parcels(actor: Actor) -> dict[str, dict[str, Any]]:
    """What a phone holds of checklists: all in force, each as one version of it."""
    if not actor.has(*MAKES[Move.FIND]):
        return {}
    return {
        f"{FEED}:{one.code}": {
            "version": one.pk,
            "position": one.position,
            "name": one.name,
            "items": [{"code": item["code"], "look": item["look"]} for item in one.items],
        }
        for one in current_checklists()
    }


def versions_of(code: str) -> list[ChecklistVersion]:
    """The newest first, with who wrote each."""
    return list(ChecklistVersion.objects.filter(code=code).select_related("by").order_by("-number"))
