"""Reference data of matters: the tree of categories, and the norms for deadlines."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.editions import forget
from minqing.core.errors import Invalid
from minqing.core.reference import read_reference
from minqing.journal.services import record
from minqing.matters import norms
from minqing.matters.clocks import Target
from minqing.matters.models import Category, Norm

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
    forget()
    record(type="matters.categories.loaded", subject="categories", by=by, data={"version": version})
    return len(rows)


@transaction.atomic
def load_norms(*, by: Actor) -> int:
    """Bring the norms to this release's version, those apart that the operator has set; returns how many changed."""
    version, given = norms.reference()["version"], norms.reference()["norms"]
    if Norm.objects.filter(version=version).exists():
        return 0
    kept = set(Norm.objects.filter(changed=True).values_list("mechanism", "kind"))
    rows = [
        Norm(mechanism=mechanism, kind=kind, target=Target.parse(target).as_json(), version=version)
        for mechanism, kinds in given.items()
        for kind, target in kinds.items()
        if (mechanism, kind) not in kept
    ]
    Norm.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["mechanism", "kind"], update_fields=["target", "version"]
    )
    record(type="matters.norms.loaded", subject="norms", by=by, data={"version": version})
    return len(rows)


def category_in_use(code: str) -> Category:
    """The category of that code; raises Invalid where it is retired or was never there."""
    found = Category.objects.filter(code=code, retired=False).first()
    if found is None:
        raise Invalid("category", _("This category is not in use any more. Choose another one."))
    return found
