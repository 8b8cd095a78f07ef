"""Tags of the reference data."""

from __future__ import annotations

from django.db import transaction

from minqing.core.actor import Actor
from minqing.core.reference import read_reference
from minqing.households.models import Tag
from minqing.journal.services import record


@transaction.atomic
def load_tags(*, by: Actor) -> int:
    """Bring the tags to this release's version; returns how many there are, 0 if they were current."""
    reference = read_reference("minqing.households", "tags")
    if Tag.objects.filter(version=reference["version"]).exists():
        return 0
    own = set(Tag.objects.exclude(changed_at=None).values_list("code", flat=True))
    items = [item for item in reference["items"] if item["code"] not in own]
    tags = [Tag(**item, version=reference["version"], retired=False) for item in items]
    Tag.objects.bulk_create(
        tags,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "group", "sensitive", "roles", "days_valid", "version", "retired"],
    )
    # what the new version no longer names stays on files that carry it, but is not given any more
    Tag.objects.exclude(code__in=[*own, *(tag.code for tag in tags)]).update(retired=True)
    record(type="households.tags.loaded", subject="tags", by=by, data={"version": reference["version"]})
    return len(tags)
