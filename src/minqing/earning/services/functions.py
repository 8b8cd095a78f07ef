"""What people are thanked for: loaded with a release, changed and added by the operator, in versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Invalid
from minqing.core.formats import check_length
from minqing.core.reference import read_reference
from minqing.core.retry import one_at_a_time
from minqing.earning import rules
from minqing.earning.enums import Category, Confirmer, Evidence
from minqing.earning.models import Budget, Function, FunctionVersion
from minqing.earning.queries import LIMITS, current_version
from minqing.journal.idempotency import sent_once
from minqing.journal.services import Json, record

SAID: Final = ("name", "what", "points", "evidence", "confirmer", *LIMITS, "ends_on", "budget_id", "withdrawn")
LOCK: Final = "earning.functions"


@transaction.atomic
def load_functions(*, by: Actor) -> int:
    """Bring the functions to this release's version; returns how many changed. What the operator wrote stays.

    Event: ``earning.functions.loaded``.
    """
    reference = read_reference("minqing.earning", "functions")
    release = reference["version"]
    one_at_a_time(LOCK)
    if FunctionVersion.objects.filter(release=release).exists():
        return 0
    now, changed = clock.now(), 0
    current = {one.function_id: one for one in FunctionVersion.objects.filter(current=True)}
    for item in reference["items"]:
        given = shipped(item)
        before = current.get(item["code"])
        if before is None:
            Function.objects.create(code=item["code"], category=item["category"], event=item.get("event", ""))
        elif before.release is None or said_by(before) == given:
            continue
        next_version(item["code"], before, given, at=now, release=release)
        changed += 1
    if changed:
        data: dict[str, Json] = {"version": release, "changed": changed}
        record(type="earning.functions.loaded", subject="functions", by=by, data=data)
    return changed


def shipped(item: Mapping[str, Any]) -> dict[str, Any]:
    """What the reference data says of one function, with what it leaves out."""
    unsaid: dict[str, object] = {**dict.fromkeys(LIMITS), "ends_on": None, "budget_id": None}
    return {name: ({"withdrawn": False} | unsaid | dict(item))[name] for name in SAID}


def said_by(row: FunctionVersion) -> dict[str, object]:
    return {name: getattr(row, name) for name in SAID}


def next_version(
    code: str, before: FunctionVersion | None, given: Mapping[str, object], *, at: datetime, **more: object
) -> FunctionVersion:
    """One more version, which is in force from now on."""
    if before is not None:
        FunctionVersion.objects.filter(pk=before.pk).update(current=False)
    number = before.number + 1 if before else 1
    return FunctionVersion.objects.create(function_id=code, number=number, since=at, **given, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """All that the operator says of a function."""

    name: str
    what: str
    points: int
    evidence: Sequence[Evidence] = ()
    confirmer: Confirmer = Confirmer.VILLAGE
    person_day: int | None = None
    person_season: int | None = None
    household_day: int | None = None
    household_season: int | None = None
    ends_on: date | None = None
    withdrawn: bool = False
    # the code of the budget that it is paid from; empty: issued by the county
    budget: str = ""

    def checked(self) -> dict[str, Any]:
        """As a version keeps it."""
        if not 0 < self.points <= rules.MOST_POINTS:
            raise Invalid("function_points", _("This number of points cannot be."))
        texts = {"name": check_length(clean(self.name), 40), "what": check_length(clean(self.what), 200)}
        rest = {name: getattr(self, name) for name in ("points", *LIMITS, "ends_on", "withdrawn")}
        words = {"evidence": [one.value for one in self.evidence], "confirmer": self.confirmer.value}
        return {**texts, **rest, **words, "budget_id": held_budget(self.budget)}


def held_budget(code: str) -> str | None:
    """Held until this is done, so that nobody takes it away meanwhile."""
    if not code:
        return None
    if not Budget.objects.select_for_update().filter(pk=code).exists():
        raise Invalid("budget", _("There is no such budget."))
    return code


@sent_once()
def change_function(*, id: UUID, code: str, said: Said, by: Actor, at: datetime | None = None) -> FunctionVersion:
    """Write a new version of a function, in force at once. What was given under an earlier one stays as it was given.

    Event: ``earning.function.changed``.
    """
    rules.may_change_functions(by).require()
    one_at_a_time(LOCK)
    before, given = current_version(code), said.checked()
    if said_by(before) == given:
        return before
    return record_change(next_version(code, before, given, at=at or clock.now(), by_id=by.person), by)


@sent_once()
def add_function(
    *, id: UUID, code: str, category: Category, said: Said, by: Actor, at: datetime | None = None
) -> FunctionVersion:
    """One more function, in its first version. Event: ``earning.function.changed``."""
    rules.may_change_functions(by).require()
    if not rules.CODE.fullmatch(code):
        raise Invalid("function_code", _("A code has small letters, digits and underscores, and begins with a letter."))
    one_at_a_time(LOCK)
    if Function.objects.filter(pk=code).exists():
        raise Invalid("function_taken", _("Another function has this code."))
    given = said.checked()
    Function.objects.create(code=code, category=category.value)
    return record_change(next_version(code, None, given, at=at or clock.now(), by_id=by.person), by)


def record_change(row: FunctionVersion, by: Actor) -> FunctionVersion:
    data: dict[str, Json] = {"version": row.number, "points": row.points, "withdrawn": row.withdrawn}
    record(type="earning.function.changed", subject=f"function:{row.function_id}", by=by, at=row.since, data=data)
    return row
