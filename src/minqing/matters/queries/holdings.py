"""What the operator is told of matters before a unit or a category goes: counts, and nothing of any."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from minqing.matters.enums import OPEN, PART_OPEN
from minqing.matters.models import Category, Matter, Part
from minqing.org.rules import Holding


def of_category(code: str) -> Iterable[Holding]:
    matters = Matter.objects.filter(category=code)
    yield Holding(_("Open matters"), matters.filter(state__in=OPEN).count())
    yield Holding(_("Matters that have or had it"), matters.count())
    below = Category.objects.filter(parent=code, retired=False).count()
    yield Holding(_("Categories in use below it"), below, _("Put those below it aside first."))


def of_unit(unit_id: int) -> Iterable[Holding]:
    open_ones = Matter.objects.filter(lead_unit_id=unit_id, state__in=OPEN).count()
    yield Holding(_("Open matters"), open_ones, _("Have its open matters given to another unit first."))
    parts = Part.objects.filter(unit_id=unit_id, state__in=PART_OPEN).count()
    yield Holding(_("Open parts of joint matters"), parts, _("Have its parts of joint matters taken back first."))
