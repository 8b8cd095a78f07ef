"""Looking the system over, and keeping what was found for the operator's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.health import Finding, examine
from minqing.core.language import speaking
from minqing.core.retry import one_at_a_time
from minqing.desk.models import Health
from minqing.desk.queries import KNOWN_BY
from minqing.journal.services import Json, record


def look_over(*, by: Actor) -> int:
    """Look at everything once in each language of the pages, and keep it. Returns how many things are not well."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with speaking(code), translation.override(code):
            found[code] = [in_words(one) for one in examine()]
    return keep_findings(found=found, by=by)


def in_words(finding: Finding) -> Finding:
    """With its words as they are now: one that is translated late would be so in another language."""
    return replace(finding, name=str(finding.name), seen=str(finding.seen), mend=str(finding.mend))


@transaction.atomic
def keep_findings(*, found: Mapping[str, Sequence[Finding]], by: Actor, at: datetime | None = None) -> int:
    """Keep what was found, in each language the same, and forget what is looked at no more.

    One event, ``desk.health.changed``, where something has become well or ceased to be. Returns how many are not well.
    """
    one_at_a_time("desk.health")
    at = at or clock.now()
    before = {one.name: one for one in Health.objects.all()}
    rows = rows_of(found, before, at)
    fields = [field.name for field in Health._meta.fields if not field.primary_key]
    Health.objects.bulk_create(rows, update_conflicts=True, unique_fields=["name"], update_fields=fields)
    Health.objects.exclude(name__in=[one.name for one in rows]).delete()
    if turned := [one for one in rows if was_well(before, one.name) != one.well]:
        ill = [one.name for one in turned if not one.well]
        data: dict[str, Json] = {"not_well": [*ill], "well": [one.name for one in turned if one.well]}
        record(type="desk.health.changed", subject="health", by=by, data=data, at=at)
    return sum(not one.well for one in rows)


def was_well(before: Mapping[str, Health], name: str) -> bool:
    """What nobody has looked at before is news only where it is not well."""
    return name not in before or before[name].well


def rows_of(found: Mapping[str, Sequence[Finding]], before: Mapping[str, Health], at: datetime) -> list[Health]:
    """One row for each name. What changed between two looks is told in the words of the first alone."""
    known = found[KNOWN_BY]
    same = {code: of if len(of) == len(known) else known for code, of in found.items()}
    rows: dict[str, Health] = {}
    for position, one in enumerate(known):
        name = str(one.name)[:120]
        stands = name in before and before[name].well == one.well
        rows.setdefault(
            name,
            Health(
                name=name,
                position=position,
                well=one.well,
                known=one.known,
                page=one.page,
                texts={code: words(of[position]) for code, of in same.items()},
                since=before[name].since if stands else at,
                looked_at=at,
            ),
        )
    return list(rows.values())


def words(finding: Finding) -> dict[str, str]:
    return {"name": str(finding.name), "seen": str(finding.seen), "mend": str(finding.mend)}
