"""Visits 走访 and the people's diary 民情日记: who went where, who was met, what was said, what was seen."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from minqing.core.ids import new_id
from minqing.visits.enums import Met


class HouseholdAssignment(models.Model):
    """A household in one cadre's care (包联): to be visited every so many days."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey("households.Household", on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("org.Account", on_delete=models.PROTECT, related_name="+")
    every_days = models.PositiveSmallIntegerField(default=90)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    last_visit_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["account", "due_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "account"], condition=models.Q(until__isnull=True), name="in_care_once"
            ),
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "household",
            "area",
            "account",
            "every_days",
            "since",
            "until",
            "last_visit_at",
            "due_on",
        )
        personal = ()
        sensitive = ()


class Visit(models.Model):
    """One visit to a household. ``sent_at`` is the phone's own clock, ``recorded_at`` ours, which rules."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey("households.Household", on_delete=models.PROTECT, related_name="+")
    # no index of its own: the planner, which takes a county's areas for ten, would read all visits by it
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey("org.Account", on_delete=models.PROTECT, related_name="+")
    visited_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    met = models.CharField(max_length=10, default=Met.AT_HOME)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    accuracy = models.FloatField(null=True, blank=True)
    datum = models.CharField(max_length=10, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["household", "-visited_at"]),
            models.Index(fields=["account", "-visited_at"]),
            models.Index(fields=["area", "-visited_at"], include=["household", "met"], name="visit_area_days"),
            # for those who see a whole township or county
            models.Index(fields=["-visited_at", "-id"], name="visit_newest"),
            # for counts of days: all that is asked for stands in the index
            models.Index(fields=["visited_at", "area"], include=["household", "met"], name="visit_days"),
        ]

    class Privacy:
        public = ()
        internal = ("id", "household", "area", "account", "visited_at", "recorded_at", "sent_at", "met")
        personal = ("latitude", "longitude", "accuracy", "datum")
        sensitive = ()


class VisitedDay(models.Model):
    """In how many ``households`` somebody was met on a local day who had last been met on the day ``former``.

    None: never before. Kept, so that a county's visits are not counted anew for every page; ``area`` is the county.
    """

    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    former = models.DateField(null=True)
    households = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "former"], name="visited_counted_once", nulls_distinct=False)
        ]

    class Privacy:
        public = ()
        internal = ("id", "area", "day", "former", "households")
        personal = ()
        sensitive = ()


class StaleVisitDay(models.Model):
    """A day of which a visit, or the one before to one of its households, has changed since; written by triggers.

    Rows are only added and taken away, never changed: two who write about one day do not wait for each other.
    """

    day = models.DateField()

    app_may = ("SELECT", "INSERT", "DELETE")

    class Meta:
        indexes = [models.Index(fields=["day"], name="stale_visit_day")]

    class Privacy:
        public = ()
        internal = ("id", "day")
        personal = ()
        sensitive = ()


class DiaryEntry(models.Model):
    """What was said and seen in a visit, in the cadre's words; ``met_residents`` are the people who were met.

    ``matter_photos``: whoever handles the ``matter`` sees the photos, also those that come after the words.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="entry")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    met_people = models.CharField(max_length=120, blank=True)
    met_residents = models.ManyToManyField("households.Resident", related_name="+", blank=True)
    matter = models.OneToOneField("matters.Matter", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    matter_photos = models.BooleanField(default=False, db_default=False)

    class Privacy:
        public = ()
        internal = ("id", "visit", "area", "matter", "matter_photos")
        personal = ("met_people", "met_residents")
        sensitive = ("text",)


class VisitHazard(models.Model):
    """A hazard that was found in a visit (隐患排查); what becomes of it is told by its room."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="hazards")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    hazard = models.OneToOneField("hazards.Hazard", on_delete=models.CASCADE, related_name="+")

    class Privacy:
        public = ()
        internal = ("id", "visit", "area", "hazard")
        personal = ()
        sensitive = ()


class VisitPhoto(models.Model):
    """A picture taken in a visit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="photos")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    # the same picture sent by one person is kept once, so two visits may share it
    attachment = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "attachment"], name="photo_once_a_visit")]

    class Privacy:
        public = ()
        internal = ("id", "visit", "area", "attachment")
        personal = ()
        sensitive = ()


class Campaign(models.Model):
    """A round of visits 专项走访 from one day to another: to all households of ``area``, or those with one of ``tags``.

    ``hazards`` are the codes of the checklists by which hazards are looked for at each of them. It names no household:
    which ones it is about, and in which somebody was met in its days, is asked of the files and the visits.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=60)
    words = models.CharField(max_length=500, blank=True)
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    tags = ArrayField(models.CharField(max_length=40), default=list)
    hazards = ArrayField(models.CharField(max_length=20), default=list)
    since = models.DateField()
    until = models.DateField()
    made_by = models.ForeignKey("org.Account", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        constraints = [
            models.CheckConstraint(name="campaign_has_days", condition=models.Q(until__gte=models.F("since"))),
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "name",
            "words",
            "area",
            "tags",
            "hazards",
            "since",
            "until",
            "made_by",
            "made_at",
            "closed_at",
        )
        personal = ()
        sensitive = ()


class FileConflict(models.Model):
    """One field of a household's file that a phone has changed and somebody else too: both values, until one decides.

    ``value`` is what the phone says, ``stands`` what was on file when it came; ``resident`` whom the field is of.
    ``handed``: the household had gone to others when it came, so nobody need have changed anything.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey("households.Household", on_delete=models.CASCADE, related_name="+")
    resident = models.ForeignKey("households.Resident", null=True, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("org.Account", on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=20)
    value = models.CharField(max_length=200, blank=True)
    stands = models.CharField(max_length=200, blank=True)
    handed = models.BooleanField(default=False, db_default=False)
    written_at = models.DateTimeField()
    received_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("org.Account", null=True, on_delete=models.PROTECT, related_name="+")
    taken = models.BooleanField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["received_at", "id"], condition=models.Q(decided_at=None), name="file_conflict_open")
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "household",
            "resident",
            "area",
            "account",
            "field",
            "handed",
            "written_at",
            "received_at",
            "decided_at",
            "decided_by",
            "taken",
        )
        personal = ("value", "stands")
        sensitive = ()


class Promise(models.Model):
    """What a cadre has promised a household in a visit, until the end of a day; it comes back as that day nears.

    ``kept``: whether it was, None while it is open.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="promises")
    household = models.ForeignKey("households.Household", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("org.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.CharField(max_length=120, blank=True)
    due_on = models.DateField()
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("org.Account", null=True, on_delete=models.PROTECT, related_name="+")
    kept = models.BooleanField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "due_on"], condition=models.Q(settled_at=None), name="visits_promises_open")
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "visit",
            "household",
            "area",
            "account",
            "due_on",
            "made_at",
            "settled_at",
            "settled_by",
            "kept",
        )
        personal = ("text",)
        sensitive = ()
