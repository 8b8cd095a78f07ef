"""What the operator is told of bookings before a person goes: counts, and nothing of anybody."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.bookings.models import Hand
from minqing.org.rules import Holding


def of_person(account_id: UUID) -> Iterable[Holding]:
    yield Holding(
        _("Providers for which they act"), Hand.objects.filter(account_id=account_id, provider__closed_at=None).count()
    )
