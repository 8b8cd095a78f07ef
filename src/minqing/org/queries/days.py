"""Days that the operator or a notice has set, of one year."""

from __future__ import annotations

from datetime import date

from minqing.org.models import WorkDay


def days_set(year: int) -> dict[date, WorkDay]:
    """The rows of the operator's table; all other days follow the week and the statute."""
    found = WorkDay.objects.filter(date__year=year).order_by("date")
    return {one.date: one for one in found}


def day_set(on: date) -> WorkDay | None:
    return WorkDay.objects.filter(date=on).first()
