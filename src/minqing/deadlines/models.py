"""What the county promises, who hears of what is late, and what a pause means: loaded, then the operator's own.

Of every room that has clocks; ``room`` says which, and the kinds, ways, reasons are that room's.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Norm(models.Model):
    """How long something may take: ``target`` as :class:`minqing.deadlines.Target` writes it (``5d``, ``4h``).

    One row for each way of handling and kind of clock, loaded from reference data; ``changed`` by the operator, it
    stays.
    """

    room = models.CharField(max_length=20)
    way = models.CharField(max_length=12)
    kind = models.CharField(max_length=16)
    target = models.CharField(max_length=12)
    version = models.PositiveIntegerField(default=1)
    changed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "way", "kind"], name="norm_once")]

    class Privacy:
        public = ("id", "room", "way", "kind", "target", "version", "changed")
        internal = ()
        personal = ()
        sensitive = ()


class LadderStep(models.Model):
    """``rung`` hears of a room's thing ``after`` (a target) its deadline; one that is not ``used`` is passed over."""

    room = models.CharField(max_length=20)
    rung = models.CharField(max_length=12)
    after = models.CharField(max_length=12)
    used = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    changed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "rung"], name="ladder_step_once")]

    class Privacy:
        public = ("id", "room", "rung", "after", "used", "version", "changed")
        internal = ()
        personal = ()
        sensitive = ()


class PauseRule(models.Model):
    """Waiting for ``reason``: which kinds of clocks it ``stops``, at most how many days, and whether it is offered."""

    room = models.CharField(max_length=20)
    reason = models.CharField(max_length=12)
    stops = ArrayField(models.CharField(max_length=16))
    longest = models.PositiveSmallIntegerField()
    offered = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    changed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "reason"], name="pause_rule_once")]

    class Privacy:
        public = ("id", "room", "reason", "stops", "longest", "offered", "version", "changed")
        internal = ()
        personal = ()
        sensitive = ()
