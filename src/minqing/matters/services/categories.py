"""Reference data of matters: the tree of categories, and the norms for deadlines."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.cache_version import invalidate
from minqing.core.errors import Invalid
from minqing.core.reference import read_reference
from minqing.deadlines import Target
from minqing.journal.services import record
from minqing.matters import norms
from minqing.matters.enums import PauseReason
from minqing.matters.models import Category, LadderStep, Norm, PauseRule

CATEGORY_FIELDS = [
    "name",
    "parent",
    "level",
    "keywords",
    "questions",
    "legal_term",
    "unit_code",
    "working_days",
    "publishable",
    "version",
    "retired",
]


@transaction.atomic
def load_categories(*, by: Actor) -> int:
    """Bring the categories to this release's version; returns how many there are, 0 if they were current."""
    reference = read_reference("minqing.matters", "categories")
    version = reference["version"]
    if Category.objects.filter(version=version).exists():
        return 0
    levels: dict[str, int] = {}
    rows = []
    for item in reference["items"]:
        # parents stand before their children in the file
        parent = item.pop("parent", None)
        levels[item["code"]] = levels[parent] + 1 if parent else 1
        rows.append(Category(**item, parent_id=parent, level=levels[item["code"]], version=version))
    Category.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=CATEGORY_FIELDS)
    Category.objects.exclude(code__in=levels).update(retired=True)
    invalidate()
    record(type="matters.categories.loaded", subject="categories", by=by, data={"version": version})
    return len(rows)


@transaction.atomic
def load_norms(*, by: Actor) -> int:
    """Bring norms, ladder and reasons to wait to this release's version; returns how many rows changed.

    What the operator has set stays as set.
    """
    given = norms.reference()
    version = given["version"]
    if any(table.objects.filter(version=version).exists() for table in (Norm, LadderStep, PauseRule)):
        return 0
    targets = [
        Norm(mechanism=mechanism, kind=kind, target=Target.parse(target).as_json(), version=version)
        for mechanism, kinds in given["norms"].items()
        for kind, target in kinds.items()
    ]
    steps = [LadderStep(rung=one.rung.value, after=one.after.as_json(), version=version) for one in norms.ladder()]
    pauses = [
        PauseRule(reason=one.value, stops=sorted(norms.stopped_by(one)), longest=norms.longest(one), version=version)
        for one in PauseReason
    ]
    done = bring(Norm, targets, ["mechanism", "kind"], ["target", "version"])
    done += bring(LadderStep, steps, ["rung"], ["after", "used", "version"])
    done += bring(PauseRule, pauses, ["reason"], ["stops", "longest", "offered", "version"])
    invalidate()
    record(type="matters.norms.loaded", subject="norms", by=by, data={"version": version})
    return done


def bring(table: Any, rows: list[Any], key: list[str], values: list[str]) -> int:
    """Write ``rows``, those apart whose key the operator has changed; returns how many."""
    kept = set(table.objects.filter(changed=True).values_list(*key))
    rows = [row for row in rows if tuple(getattr(row, name) for name in key) not in kept]
    table.objects.bulk_create(rows, update_conflicts=True, unique_fields=key, update_fields=values)
    return len(rows)


def category_in_use(code: str) -> Category:
    """The category of that code; raises Invalid where it is retired or was never there."""
    found = Category.objects.filter(code=code, retired=False).first()
    if found is None:
        raise Invalid("category", _("This category is not in use any more. Choose another one."))
    return found
