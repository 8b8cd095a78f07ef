"""What the operator is told of households before an area is moved or closed: counts, and nothing of anybody."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from minqing.households.models import Household, Resident
from minqing.org.rules import Holding
from minqing.privacy.access import one_of


def in_areas(ids: frozenset[int]) -> Iterable[Holding]:
    households = Household.objects.filter(one_of("area_id", ids), closed_at=None).count()
    people = Resident.objects.filter(one_of("area_id", ids), left_at=None).count()
    yield Holding(
        _("Households on file"), households, _("Move its households to another area first, or close their files.")
    )
    yield Holding(_("People on file"), people)
