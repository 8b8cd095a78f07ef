"""Reference data of matters: the tree of categories. What the county has made its own is left as it is."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.cache_version import invalidate
from minqing.core.errors import Invalid
from minqing.core.reference import read_reference
from minqing.core.retry import one_at_a_time
from minqing.journal.services import record
from minqing.matters.models import Category
from minqing.matters.services.category_upkeep import TURN
from minqing.matters.suggestion import way_up

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
    one_at_a_time(TURN)
    reference = read_reference("minqing.matters", "categories")
    version = reference["version"]
    if Category.objects.filter(version=version).exists():
        return 0
    stored = list(Category.objects.all())
    own = {one.code for one in stored if one.changed_at}
    above = {one.code: one.parent_id or "" for one in stored}
    # what lies above one that the county uses stays in use
    kept = {upper for one in stored if one.changed_at and not one.retired for upper in way_up(one.code, above)}
    levels: dict[str, int] = {}
    rows = []
    for item in reference["items"]:
        # parents stand before their children in the file
        parent = item.pop("parent", None)
        levels[item["code"]] = levels[parent] + 1 if parent else 1
        if item["code"] not in own:
            rows.append(Category(**item, parent_id=parent, level=levels[item["code"]], version=version))
    Category.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=CATEGORY_FIELDS)
    Category.objects.exclude(code__in=[*levels, *own, *kept]).update(retired=True)
    invalidate()
    record(type="matters.categories.loaded", subject="categories", by=by, data={"version": version})
    return len(rows)


def category_in_use(code: str) -> Category:
    """The category of that code; raises Invalid where it is retired or was never there."""
    found = Category.objects.filter(code=code, retired=False).first()
    if found is None:
        raise Invalid("category", _("This category is not in use any more. Choose another one."))
    return found
