"""How many matters there were on each day: kept, so that a county's figures are not counted anew for every page."""

from __future__ import annotations

from django.db import models


class DayCount(models.Model):
    """``number`` matters of a local day that one measure counts: all, or of one unit, place or category.

    Which, say ``kind`` and ``key``. ``area`` is the county: the rows are of all of it. What is
    counted is said in :mod:`minqing.matters.queries.days`.
    """

    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=40, blank=True)
    measure = models.CharField(max_length=24)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "day", "key", "measure"], name="counted_once")]
        indexes = [
            # a year of a few units out of five hundred
            models.Index(
                fields=["key", "day"],
                include=["measure", "number", "area"],
                name="count_of_unit",
                condition=models.Q(kind="unit"),
            ),
        ]

    class Privacy:
        public = ()
        internal = ("id", "area", "day", "kind", "key", "measure", "number")
        personal = ()
        sensitive = ()


class StaleDay(models.Model):
    """A day of which something has changed since it was counted; written by triggers. None: all days.

    Rows are only added and taken away, never changed: two who write about one day do not wait for each other.
    """

    day = models.DateField(null=True)

    app_may = ("SELECT", "INSERT", "DELETE")

    class Meta:
        indexes = [models.Index(fields=["day"])]

    class Privacy:
        public = ()
        internal = ("id", "day")
        personal = ()
        sensitive = ()
