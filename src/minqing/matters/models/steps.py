"""What happened to a matter: its steps, their pictures, the reporter's word."""

from __future__ import annotations

from django.db import models

from minqing.core.ids import new_id
from minqing.matters.enums import Source
from minqing.matters.models.matter import Matter

# a category that nobody has looked at yet stands as a step of its own under this name
SUGGESTER = "system:matters.suggest"


class Step(models.Model):
    """One move of a matter. ``public`` steps and their text are what the reporter reads.

    ``aside`` is what a public step says to those who work on the matter only.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="steps")
    move = models.CharField(max_length=20)
    state = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    by_name = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey("org.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    public = models.BooleanField(default=True)
    aside = models.TextField(blank=True, db_default="")

    class Meta:
        indexes = [models.Index(fields=["matter", "at"])]

    class Privacy:
        public = ()
        internal = ("id", "matter", "move", "state", "at", "unit", "public")
        personal = ("by", "by_name", "text", "aside")
        sensitive = ()


class Evidence(models.Model):
    """A picture of a matter: sent with the report, or showing what was done in one step.

    The same attachment may stand in several: a photo sent twice by one cadre is kept once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="evidence")
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.CASCADE, related_name="evidence")
    attachment = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        public = ()
        internal = ("id", "matter", "step", "attachment")
        personal = ()
        sensitive = ()


class Confirmation(models.Model):
    """The reporter's word on an answered matter: three separate facts, each may be left open.

    ``source`` is how it was asked. ``declined``: asked by a person, the reporter would not say; that is no word on
    the matter, and not the silence of somebody whom nobody asked.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="confirmations")
    answered = models.BooleanField(null=True)
    solved = models.BooleanField(null=True)
    source = models.CharField(max_length=8, default=Source.LINK, db_default=Source.LINK.value)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    declined = models.BooleanField(default=False, db_default=False)
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="satisfaction_of_five",
                condition=models.Q(satisfaction__isnull=True) | models.Q(satisfaction__range=(1, 5)),
            ),
            models.CheckConstraint(
                name="declined_says_nothing",
                condition=models.Q(declined=False)
                | models.Q(answered__isnull=True, solved__isnull=True, satisfaction__isnull=True),
            ),
        ]

    class Privacy:
        public = ()
        internal = ("id", "matter", "answered", "solved", "satisfaction", "declined", "source", "at")
        personal = ("text", "by")
        sensitive = ()
