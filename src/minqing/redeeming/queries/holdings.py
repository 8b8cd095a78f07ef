"""What the operator is told of shops before a person goes: counts, and nothing of anybody."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.org.rules import Holding
from minqing.redeeming.models import Keeper


def of_person(account_id: UUID) -> Iterable[Holding]:
    yield Holding(
        _("Shops in which they take points"), Keeper.objects.filter(account_id=account_id, shop__closed_at=None).count()
    )
