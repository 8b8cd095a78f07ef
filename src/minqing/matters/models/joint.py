"""Several at one matter: the parts of supporting units, a leader's supervision, calls back by somebody else."""

from __future__ import annotations

from django.db import models

from minqing.core.ids import new_id
from minqing.matters.enums import PartState
from minqing.matters.models.matter import Matter


class Part(models.Model):
    """What a supporting unit was asked to do in a joint matter, with its own clock and reply.

    ``refusals`` counts its "not ours"; after a decision on the spot it is ``bound``. ``proposed_unit`` is the one that
    a refusing unit thinks of.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="parts")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=PartState.ASKED)
    task = models.TextField()
    reply = models.TextField(blank=True)
    outcome = models.CharField(max_length=8, blank=True, default="", db_default="")
    outcome_note = models.TextField(blank=True, default="", db_default="")
    asked_at = models.DateTimeField()
    replied_at = models.DateTimeField(null=True, blank=True)
    refusals = models.PositiveSmallIntegerField(default=0)
    proposed_unit = models.ForeignKey("org.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    bound = models.BooleanField(default=False)
    handler = models.ForeignKey(
        "org.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "unit"], condition=~models.Q(state=PartState.DROPPED.value), name="part_once_a_unit"
            ),
            models.CheckConstraint(
                name="replied_has_time",
                condition=~models.Q(state=PartState.REPLIED.value) | models.Q(replied_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state"]),
            models.Index(fields=["handler"], name="part_handler", condition=models.Q(handler__isnull=False)),
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "matter",
            "unit",
            "state",
            "asked_at",
            "replied_at",
            "outcome",
            "refusals",
            "proposed_unit",
            "bound",
            "handler",
        )
        personal = ("task", "reply", "outcome_note")
        sensitive = ()


class Supervision(models.Model):
    """A leader's order: the matter has a clock of its own, and the unit reports every ``rhythm`` (a target).

    ``former`` is the mechanism that it returns to when the leader ends it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="supervisions")
    rhythm = models.CharField(max_length=12)
    former = models.CharField(max_length=12)
    order = models.TextField()
    ordered_at = models.DateTimeField()
    ordered_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=models.Q(ended_at=None), name="supervised_once"),
        ]

    class Privacy:
        public = ()
        internal = ("id", "matter", "rhythm", "former", "ordered_at", "ended_at")
        personal = ("order", "ordered_by")
        sensitive = ()


class CallBack(models.Model):
    """An answered matter drawn by lot, whose reporter somebody of another unit calls: ``tries`` that reached nobody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.OneToOneField(Matter, on_delete=models.CASCADE, related_name="call_back")
    drawn_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    reached = models.BooleanField(null=True)

    class Meta:
        indexes = [models.Index(fields=["drawn_at"], name="call_back_waiting", condition=models.Q(done_at=None))]

    class Privacy:
        public = ()
        internal = ("id", "matter", "drawn_at", "tries", "done_at", "reached")
        personal = ()
        sensitive = ()
