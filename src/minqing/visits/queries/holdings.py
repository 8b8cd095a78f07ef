"""What the operator is told of visits and care before an area or a person goes: counts, and nothing of anybody."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from minqing.org.rules import Holding
from minqing.privacy.access import one_of
from minqing.sync.queries import phones_of
from minqing.visits.models import HouseholdAssignment, Promise


def in_areas(ids: frozenset[int]) -> Iterable[Holding]:
    """The phones that hold something of the households there: they hear of it when they are next online."""
    care = HouseholdAssignment.objects.filter(one_of("area_id", ids), until=None)
    yield Holding(_("Phones that hold households of it"), phones_of(care.values("account_id")))


def of_person(account_id: UUID) -> Iterable[Holding]:
    """In somebody's care, and in nobody else's besides."""
    others = HouseholdAssignment.objects.filter(
        household_id=OuterRef("household_id"), until=None, account__is_active=True
    ).exclude(account_id=account_id)
    care = HouseholdAssignment.objects.filter(account_id=account_id, until=None)
    alone = care.filter(~Exists(others)).count()
    yield Holding(_("Households in their care"), care.count())
    yield Holding(
        _("of these in nobody else's"), alone, _("Put the households in their care alone into other hands first.")
    )
    yield Holding(
        _("Promises that are still to be kept"), Promise.objects.filter(account_id=account_id, settled_at=None).count()
    )
