"""Deadlines as rows. A room subclasses these with a foreign key to its own thing, and puts its own wall around them.

Each subclass says that key, its ``Meta`` (``indexes, constraints = clock_rules("request", "tiny")``) and its
``Privacy`` (``internal = (*CLOCK_FIELDS, "request")``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models

from minqing.core.ids import new_id
from minqing.deadlines.enums import Rung

if TYPE_CHECKING:
    from uuid import UUID

Rules = tuple[list[models.Index], list[models.BaseConstraint]]
TIMED_FIELDS: Final = ("due_at", "due_provisional", "rung")
CLOCK_FIELDS: Final = (
    "id",
    "unit",
    "kind",
    "started_at",
    "target",
    "calendar",
    "due_at",
    "provisional",
    "stopped_at",
    "counts",
    "escalate_at",
    "heard_from",
    "relays",
    "norm",
)
PAUSE_FIELDS: Final = ("id", "reason", "started_at", "planned_end", "ended_at", "stops")
EXTENSION_FIELDS: Final = ("id", "clock", "more", "asked_at", "granted", "decided_at")
# they may name people: personal
EXTENSION_WORDS: Final = ("reason", "asked_by", "decided_by")


class Timed(models.Model):
    """What clocks hang on: its own deadline is that of its running own clock, kept here for lists.

    ``rung`` is how far up the ladder it was carried since it is overdue.
    """

    due_at = models.DateTimeField(null=True, blank=True)
    due_provisional = models.BooleanField(default=False)
    rung = models.CharField(max_length=10, default=Rung.OFFICER, db_default=Rung.OFFICER.value)

    class Meta:
        abstract = True


class Clock(models.Model):
    """One deadline of a thing.

    ``due_at`` is what :func:`minqing.deadlines.reckon` made of ``started_at``, ``target``, the pauses and granted
    extensions with the working days of ``calendar`` (a digest of them); None while the clock stands still.
    ``stopped_at`` is when what it waited for happened. ``counts`` is False for one that was called off.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # whose hours count
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
        abstract = True


def clock_rules(of: str, room: str = "") -> Rules:
    """Indexes and constraints of a room's clocks; ``of`` is the foreign key, and ``room`` begins their names."""
    running = models.Q(stopped_at=None)
    return [
        models.Index(fields=[of]),
        models.Index(fields=["calendar"], name=named(room, "clock_running"), condition=running),
        models.Index(fields=["escalate_at"], name=named(room, "clock_escalating"), condition=running),
    ], [
        models.CheckConstraint(
            name=named(room, "clock_not_backward"),
            condition=running | models.Q(stopped_at__gte=models.F("started_at")),
        ),
    ]


class Pause(models.Model):
    """A time in which the thing waited for ``reason``; ``planned_end`` is when it is taken up again at the latest.

    ``stops`` are the kinds of clocks that stood still, as the rule was then: a rule that changes moves no deadline.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reason = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    planned_end = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    stops = ArrayField(models.CharField(max_length=16), default=list, db_default=[], blank=True)

    class Meta:
        abstract = True


def pause_rules(of: str, room: str = "") -> Rules:
    """As :func:`clock_rules`, of pauses."""
    still = models.Q(ended_at=None)
    return [models.Index(fields=["planned_end"], name=named(room, "pause_open"), condition=still)], [
        models.UniqueConstraint(fields=[of], condition=still, name=named(room, "one_pause_at_a_time")),
        models.CheckConstraint(
            name=named(room, "pause_not_backward"), condition=still | models.Q(ended_at__gte=models.F("started_at"))
        ),
    ]


class Extension(models.Model):
    """More time that a unit asked for: ``more`` is a target. ``granted`` is None until somebody else has decided.

    A subclass names the ``clock`` too, with ``related_name="extensions"``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    more = models.CharField(max_length=12)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    granted = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    if TYPE_CHECKING:
        clock: object
        clock_id: UUID

    class Meta:
        abstract = True


def extension_rules(of: str, room: str = "") -> Rules:
    """As :func:`clock_rules`, of requests for more time."""
    open_ = models.Q(granted=None)
    return [], [
        models.UniqueConstraint(fields=[of], condition=open_, name=named(room, "one_request_at_a_time")),
        models.CheckConstraint(
            name=named(room, "granted_by_another"), condition=open_ | ~models.Q(asked_by=models.F("decided_by"))
        ),
    ]


def named(room: str, rule: str) -> str:
    return f"{room}_{rule}" if room else rule
