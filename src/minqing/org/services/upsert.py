"""One way to make or change a row by its natural key, with one event if anything came of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, Literal, TypeAlias, TypeVar

from django.db import models

from minqing.core.actor import Actor
from minqing.core.cache_version import invalidate
from minqing.journal.services import record

Outcome: TypeAlias = Literal["created", "updated", "unchanged"]
Row = TypeVar("Row", bound=models.Model)


class Keep(Enum):
    """What a caller does not say stays as it is; None would mean 'not known'."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP


def upsert(
    model: type[Row], *, key: Mapping[str, Any], values: Mapping[str, Any], only_new: Mapping[str, object] | None = None
) -> tuple[Row, Outcome, list[str]]:
    """The row of ``key``, locked, with ``values``; and the names of the fields that changed."""
    given = {name: value for name, value in values.items() if value is not KEEP}
    row, created = model._default_manager.select_for_update().get_or_create(
        defaults={**(only_new or {}), **given}, **key
    )
    if created:
        return row, "created", sorted(given)
    changed = sorted(name for name, value in given.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, given[name])
    if changed:
        row.save()
    return row, "updated" if changed else "unchanged", changed


def record_change(
    thing: str, subject: str, outcome: Outcome, *, by: Actor, changed: list[str], **ids: str | int | None
) -> None:
    """One event ``org.<thing>.created`` or ``….updated`` with the names of the fields; nothing for no change."""
    if outcome != "unchanged":
        invalidate()
        record(type=f"org.{thing}.{outcome}", subject=subject, by=by, data={"fields": list(changed), **ids})
