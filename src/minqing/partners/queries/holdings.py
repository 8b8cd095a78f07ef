"""What the operator is told of other systems before a unit goes: counts, and nothing of any."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from minqing.org.rules import Holding
from minqing.partners.models import Partner


def of_unit(unit_id: int) -> Iterable[Holding]:
    yield Holding(_("Other systems that act for it"), Partner.objects.filter(unit=unit_id, active=True).count())
