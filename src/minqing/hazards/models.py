"""Hazards, the checklists by which they are found, in versions, and their clocks and photos."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from minqing.core.ids import new_id
from minqing.deadlines.rows import (
    CLOCK_FIELDS,
    EXTENSION_FIELDS,
    EXTENSION_WORDS,
    TIMED_FIELDS,
    Clock,
    Extension,
    Timed,
    clock_rules,
    extension_rules,
)
from minqing.hazards.enums import Charge, Severity, State
from minqing.hazards.lifecycle import ENDED
from minqing.hazards.rules import LONGEST_TITLE, Situation
from minqing.localnames.queries import word_of


class ChecklistVersion(models.Model):
    """A checklist as it was from ``since`` on. ``items`` say what to look at: ``{"code", "look", "severity"}`` each.

    ``position`` is its place among all. ``release`` is the version of the reference data that brought it; None for one
    that the operator wrote. ``withdrawn``: nobody is asked for it any more.
    """

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    current = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=20)
    items = models.JSONField()
    withdrawn = models.BooleanField(default=False)
    since = models.DateTimeField()
    release = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="hazards_version_once", fields=["code", "number"]),
            models.UniqueConstraint(name="hazards_one_current", fields=["code"], condition=Q(current=True)),
        ]

    class Privacy:
        public = ("id", "code", "number", "current", "position", "name", "items", "withdrawn", "since", "release")
        internal = ("by",)
        personal = ()
        sensitive = ()


class Hazard(Timed):
    """Something dangerous at a ``household`` or at a ``place``.

    ``items`` are the codes that were ticked, of ``version``; without a version it is on no list. ``righted`` tells how
    it was put right. ``reasons`` are why it is none, or why it is not put right yet. ``matter`` is the one that it was
    raised as. ``reminded_at`` is when those who have it in hand were reminded that it is nearly due, ``asked_by`` who
    asks for more time at present.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=24, unique=True)
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(
        "households.Household", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    place = models.CharField(max_length=80, blank=True)
    version = models.ForeignKey(ChecklistVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    items = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    words = models.TextField(blank=True)
    severity = models.CharField(max_length=10)
    charge = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    righted = models.TextField(blank=True)
    righted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    righted_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    reasons = models.TextField(blank=True)
    matter = models.ForeignKey("matters.Matter", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["area", "state", "due_at"], name="hazards_of_area"),
            models.Index(fields=["area", "-found_at"], name="hazards_newest"),
            models.Index(
                fields=["due_at"], name="hazards_open", condition=~Q(state__in=sorted(one.value for one in ENDED))
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="hazards_other_eyes",
                condition=Q(closed_by=None) | Q(righted_by=None) | ~Q(closed_by=F("righted_by")),
            ),
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "number",
            "area",
            "version",
            "items",
            "severity",
            "charge",
            "state",
            "found_by",
            "found_at",
            "confirmed_by",
            "confirmed_at",
            "righted_by",
            "righted_at",
            "closed_by",
            "closed_at",
            "matter",
            "reminded_at",
            "asked_by",
            "changed_at",
            *TIMED_FIELDS,
        )
        personal = ("household", "place", "words", "righted", "reasons")
        sensitive = ()

    @property
    def situation(self) -> Situation:
        return Situation(
            state=State(self.state),
            area_id=self.area_id,
            severity=Severity(self.severity),
            charge=Charge(self.charge),
            found_by=self.found_by_id,
            righted_by=self.righted_by_id,
            asked_by=self.asked_by_id,
        )

    @property
    def state_label(self) -> str:
        return word_of(State(self.state))

    @property
    def severity_label(self) -> str:
        return word_of(Severity(self.severity))

    @property
    def charge_label(self) -> str:
        return word_of(Charge(self.charge))

    @property
    def looks(self) -> list[str]:
        """What was ticked, in the words of the version it was found under."""
        return [one["look"] for one in self.version.items if one["code"] in self.items] if self.version else []

    @property
    def title(self) -> str:
        """What it is, in a line that names nobody: in the words of the checklist."""
        return self.called(next(iter(self.looks), "")) or str(_("Something that is on no checklist"))

    @property
    def title_in_words(self) -> str:
        """The same for those who read what was written."""
        return self.called(next(iter(self.looks), "") or self.words) or self.title

    def called(self, what: str) -> str:
        short = what if len(what) <= LONGEST_TITLE else f"{what[:LONGEST_TITLE]}…"
        return "：".join(filter(None, [self.version.name if self.version else "", short]))


class HazardClock(Clock):
    """What runs for a hazard at present: until it is checked, put right, or that is looked at."""

    hazard = models.ForeignKey(Hazard, on_delete=models.CASCADE, related_name="clocks")

    class Meta:
        indexes, constraints = clock_rules("hazard", "hazards")

    class Privacy:
        public = ()
        internal = (*CLOCK_FIELDS, "hazard")
        personal = ()
        sensitive = ()


class HazardMore(Extension):
    """More time that was asked for to put it right."""

    hazard = models.ForeignKey(Hazard, on_delete=models.CASCADE, related_name="more")
    clock = models.ForeignKey(HazardClock, on_delete=models.CASCADE, related_name="extensions")

    class Meta:
        indexes, constraints = extension_rules("hazard", "hazards")

    class Privacy:
        public = ()
        internal = (*EXTENSION_FIELDS, "hazard")
        personal = EXTENSION_WORDS
        sensitive = ()


class HazardPhoto(models.Model):
    """A picture of a hazard; ``after``: as it was put right."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hazard = models.ForeignKey(Hazard, on_delete=models.CASCADE, related_name="photos")
    attachment = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, related_name="+")
    after = models.BooleanField(default=False)

    class Privacy:
        public = ()
        internal = ("id", "hazard", "attachment", "after")
        personal = ()
        sensitive = ()
