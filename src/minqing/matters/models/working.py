"""What people keep to work faster: canned replies."""

from __future__ import annotations

from django.db import models

from minqing.core.ids import new_id


class Phrase(models.Model):
    """A canned reply 常用答复 of a ``unit``, or of everyone in an ``area``; exactly one of both.

    ``text`` may hold the placeholders of :mod:`minqing.matters.rules.phrases`. It tells of nobody.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey("org.Unit", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey("org.Area", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=60)
    text = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit"]), models.Index(fields=["area"])]
        constraints = [
            models.CheckConstraint(
                name="phrase_of_unit_or_area",
                condition=models.Q(unit__isnull=True, area__isnull=False)
                | models.Q(unit__isnull=False, area__isnull=True),
            ),
        ]

    class Privacy:
        public = ()
        internal = ("id", "unit", "area", "title", "text", "changed_at")
        personal = ()
        sensitive = ()
