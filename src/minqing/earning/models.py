"""What people are thanked for, in versions."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from minqing.earning.enums import Budget, Category, Confirmer, Evidence


class Function(models.Model):
    """Something that people are thanked for with points. What is said of it stands in its versions."""

    code = models.CharField(primary_key=True, max_length=30)
    category = models.CharField(max_length=12)
    # what gives it by itself; such a one is claimed by nobody
    event = models.CharField(max_length=20, blank=True)

    app_may = ("SELECT", "INSERT")

    class Privacy:
        public = ("code", "category", "event")
        internal = ()
        personal = ()
        sensitive = ()

    @property
    def category_label(self) -> str:
        return str(Category(self.category).label)


class FunctionVersion(models.Model):
    """What a function was from ``since`` on. An award keeps the version under which it was given.

    Limits are how often one person, and all of a household together, are thanked for it in a day and in a quarter;
    None is without one. ``ends_on`` is the last day on which what was done counts. ``release`` is the version of the
    reference data that brought it; None for one that the operator wrote. ``withdrawn``: nobody is thanked for it now.
    """

    id = models.BigAutoField(primary_key=True)
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    current = models.BooleanField(default=True)
    name = models.CharField(max_length=40)
    what = models.CharField(max_length=200)
    points = models.PositiveIntegerField()
    evidence = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    confirmer = models.CharField(max_length=10)
    person_day = models.PositiveSmallIntegerField(null=True, blank=True)
    person_season = models.PositiveSmallIntegerField(null=True, blank=True)
    household_day = models.PositiveSmallIntegerField(null=True, blank=True)
    household_season = models.PositiveSmallIntegerField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    budget = models.CharField(max_length=10, default=Budget.COUNTY)
    withdrawn = models.BooleanField(default=False)
    since = models.DateTimeField()
    release = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="earning_version_once", fields=["function", "number"]),
            models.UniqueConstraint(name="earning_one_current", fields=["function"], condition=Q(current=True)),
            models.CheckConstraint(name="earning_points", condition=Q(points__gt=0)),
        ]

    class Privacy:
        public = (
            "id",
            "function",
            "number",
            "current",
            "name",
            "what",
            "points",
            "evidence",
            "confirmer",
            "person_day",
            "person_season",
            "household_day",
            "household_season",
            "ends_on",
            "budget",
            "withdrawn",
            "since",
            "release",
        )
        internal = ("by",)
        personal = ()
        sensitive = ()

    @property
    def evidence_labels(self) -> list[str]:
        return [str(Evidence(one).label) for one in self.evidence]

    @property
    def confirmer_label(self) -> str:
        return str(Confirmer(self.confirmer).label)

    @property
    def budget_label(self) -> str:
        return str(Budget(self.budget).label)
