"""Deadlines as rows: each with its own target, stopped and lengthened on record, reckoned anew at any time."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from minqing.core.ids import new_id
from minqing.matters.models.joint import Part
from minqing.matters.models.matter import Matter


class Clock(models.Model):
    """One deadline of a matter, or of a unit's ``part`` of it.

    ``due_at`` is what :func:`minqing.deadlines.reckon` made of ``started_at``, ``target``, the pauses and granted
    extensions with the working days of ``calendar`` (a digest of them); None while the clock stands still.
    ``stopped_at`` is when what it waited for happened. ``counts`` is False for one that was called off.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="clocks")
    part = models.ForeignKey(Part, null=True, blank=True, on_delete=models.CASCADE, related_name="clocks")
    unit = models.ForeignKey("org.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    started_at = models.DateTimeField()
    target = models.CharField(max_length=12)
    calendar = models.CharField(max_length=16)
    due_at = models.DateTimeField(null=True, blank=True)
    provisional = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True, blank=True)
    counts = models.BooleanField(default=True)
    # when the next rung of the ladder is to hear of it
    escalate_at = models.DateTimeField(null=True, blank=True)
    # of what was late already at an upgrade or when it was loaded the ladder counts from here, if that is after the
    # deadline; None counts from the deadline
    heard_from = models.DateTimeField(null=True, blank=True)
    # units that had it before: {"until": the first day that is not theirs, "hours": theirs then, None: the usual ones}
    relays = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), blank=True)
    # the way of handling whose norm gave the target; empty where a person, a category or a law did
    norm = models.CharField(max_length=12, default="", db_default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["matter"]),
            models.Index(fields=["calendar"], name="clock_running", condition=models.Q(stopped_at=None)),
            models.Index(fields=["escalate_at"], name="clock_escalating", condition=models.Q(stopped_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="clock_not_backward",
                condition=models.Q(stopped_at=None) | models.Q(stopped_at__gte=models.F("started_at")),
            ),
        ]

    class Privacy:
        public = ()
        internal = (
            "id", "matter", "part", "unit", "kind", "started_at", "target", "calendar", "due_at", "provisional",
            "stopped_at", "counts", "escalate_at", "heard_from", "relays", "norm",
        )  # fmt: skip
        personal = ()
        sensitive = ()


class Pause(models.Model):
    """A time in which the matter waited for ``reason``; ``planned_end`` is when it is taken up again at the latest.

    ``stops`` are the kinds of clocks that stood still, as the rule was then: a rule that changes moves no deadline.
    Empty in rows of the first release, whose rules were those of its file.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    planned_end = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    stops = ArrayField(models.CharField(max_length=16), default=list, db_default=[], blank=True)

    class Meta:
        indexes = [models.Index(fields=["planned_end"], name="pause_open", condition=models.Q(ended_at=None))]
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=models.Q(ended_at=None), name="one_pause_at_a_time"),
            models.CheckConstraint(
                name="pause_not_backward",
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
            ),
        ]

    class Privacy:
        public = ()
        internal = ("id", "matter", "reason", "started_at", "planned_end", "ended_at", "stops")
        personal = ()
        sensitive = ()


class Extension(models.Model):
    """More time that a unit asked for: ``more`` is a target. ``granted`` is None until somebody else has decided."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="extensions")
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="extensions")
    more = models.CharField(max_length=12)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    granted = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=models.Q(granted=None), name="one_request_at_a_time"),
            models.CheckConstraint(
                name="granted_by_another", condition=models.Q(granted=None) | ~models.Q(asked_by=models.F("decided_by"))
            ),
        ]

    class Privacy:
        public = ()
        internal = ("id", "matter", "clock", "more", "asked_at", "granted", "decided_at")
        personal = ("reason", "asked_by", "decided_by")
        sensitive = ()
