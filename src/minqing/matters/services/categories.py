"""Reference data of matters: the tree of categories. What the county has made its own is left as it is."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.cache_version import invalidate
from minqing.core.errors import Invalid
from minqing.core.reference import read_reference
from minqing.journal.services import record
from minqing.matters.models import Category

CATEGORY_FIELDS = [
    "name",
    "names",
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
    own = set(Category.objects.exclude(changed_at=None).values_list("code", flat=True))
    levels: dict[str, int] = {}
    rows = []
    for item in reference["items"]:
        # parents stand before their children in the file
        parent = item.pop("parent", None)
        levels[item["code"]] = levels[parent] + 1 if parent else 1
        if item["code"] not in own:
            rows.append(Category(**item, parent_id=parent, level=levels[item["code"]], version=version))
    Category.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=CATEGORY_FIELDS)
    Category.objects.exclude(code__in=[*levels, *own]).update(retired=True)
    invalidate()
    record(type="matters.categories.loaded", subject="categories", by=by, data={"version": version})
    return len(rows)


def category_in_use(code: str) -> Category:
    """The category of that code; raises Invalid where it is retired or was never there."""
    found = Category.objects.filter(code=code, retired=False).first()
    if found is None:
        raise Invalid("category", _("This category is not in use any more. Choose another one."))
    return found
