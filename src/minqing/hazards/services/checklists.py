"""Checklists: loaded with a release, changed and added by the operator, in versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Invalid
from minqing.core.formats import check_length
from minqing.core.reference import read_reference
from minqing.core.retry import one_at_a_time
from minqing.hazards import rules
from minqing.hazards.enums import Severity
from minqing.hazards.models import ChecklistVersion
from minqing.hazards.queries.checklists import current_checklist
from minqing.journal.idempotency import sent_once
from minqing.journal.services import Json, record

SAID: Final = ("name", "items", "withdrawn")
LOCK: Final = "hazards.checklists"


@transaction.atomic
def load_checklists(*, by: Actor) -> int:
    """Bring the checklists to this release's version; returns how many changed. What the operator wrote stays.

    Event: ``hazards.checklists.loaded``.
    """
    reference = read_reference("minqing.hazards", "checklists")
    release = reference["version"]
    one_at_a_time(LOCK)
    if ChecklistVersion.objects.filter(release=release).exists():
        return 0
    now, changed = clock.now(), 0
    current = {one.code: one for one in ChecklistVersion.objects.filter(current=True)}
    for position, item in enumerate(reference["items"], 1):
        before = current.get(item["code"])
        given = {"name": item["name"], "items": item["items"], "withdrawn": item.get("withdrawn", False)}
        if before and (before.release is None or said_by(before) == given):
            continue
        next_version(
            item["code"], before, given, at=now, position=before.position if before else position, release=release
        )
        changed += 1
    if changed:
        data: dict[str, Json] = {"version": release, "changed": changed}
        record(type="hazards.checklists.loaded", subject="checklists", by=by, data=data)
    return changed


def said_by(row: ChecklistVersion) -> dict[str, object]:
    return {name: getattr(row, name) for name in SAID}


def next_version(
    code: str, before: ChecklistVersion | None, given: Mapping[str, object], *, at: datetime, **more: object
) -> ChecklistVersion:
    """One more version, which is in force from now on."""
    if before is not None:
        ChecklistVersion.objects.filter(pk=before.pk).update(current=False)
    number = before.number + 1 if before else 1
    return ChecklistVersion.objects.create(code=code, number=number, since=at, **given, **more)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at. ``code`` is empty for a new one."""

    look: str
    severity: Severity
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """All that the operator says of a checklist."""

    name: str
    items: Sequence[Item]
    withdrawn: bool = False

    def checked(self) -> dict[str, Any]:
        """As a version keeps it. Raises Invalid."""
        items = [(one, check_length(clean(one.look), rules.LONGEST_LOOK)) for one in self.items]
        items = [(one, look) for one, look in items if look]
        if not items:
            raise Invalid("checklist_empty", _("Write at least one thing to look at."))
        if len(items) > rules.MOST_ITEMS:
            raise Invalid("checklist_long", _("Nobody looks at so many things: make two lists of it."))
        name = check_length(clean(self.name), rules.LONGEST_NAME)
        return {"name": name, "items": coded(items), "withdrawn": self.withdrawn}


def coded(items: Sequence[tuple[Item, str]]) -> list[dict[str, str]]:
    """Each with a code of its own, which it keeps: hazards name it."""
    used, kept = {one.code for one, _look in items}, list[dict[str, str]]()
    unused = (code for code in (f"i{n}" for n in count(1)) if code not in used)
    for one, look in items:
        taken = one.code in {had["code"] for had in kept}
        kept.append(
            {"code": one.code if one.code and not taken else next(unused), "look": look, "severity": one.severity}
        )
    return kept


@sent_once()
def change_checklist(*, id: UUID, code: str, said: Said, by: Actor, at: datetime | None = None) -> ChecklistVersion:
    """Write a new version, in force at once. A hazard keeps the version under which it was found.

    Event: ``hazards.checklist.changed``.
    """
    rules.may_change_checklists(by).require()
    one_at_a_time(LOCK)
    before, given = current_checklist(code), said.checked()
    if said_by(before) == given:
        return before
    row = next_version(code, before, given, at=at or clock.now(), position=before.position, by_id=by.person)
    return record_change(row, by)


@sent_once()
def add_checklist(*, id: UUID, code: str, said: Said, by: Actor, at: datetime | None = None) -> ChecklistVersion:
    """One more, in its first version, the last of all. Event: ``hazards.checklist.changed``."""
    rules.may_change_checklists(by).require()
    if not rules.CODE.fullmatch(code):
        raise Invalid(
            "checklist_code", _("A code has small letters, digits and underscores, and begins with a letter.")
        )
    one_at_a_time(LOCK)
    if ChecklistVersion.objects.filter(code=code).exists():
        raise Invalid("checklist_taken", _("Another checklist has this code."))
    last = ChecklistVersion.objects.aggregate(last=Max("position"))["last"] or 0
    row = next_version(code, None, said.checked(), at=at or clock.now(), position=last + 1, by_id=by.person)
    return record_change(row, by)


def record_change(row: ChecklistVersion, by: Actor) -> ChecklistVersion:
    data: dict[str, Json] = {"version": row.number, "items": len(row.items), "withdrawn": row.withdrawn}
    record(type="hazards.checklist.changed", subject=f"checklist:{row.code}", by=by, at=row.since, data=data)
    return row
