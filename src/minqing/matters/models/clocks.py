"""A matter's deadlines as rows; what they have in common with those of other rooms stands in ``deadlines``."""

from __future__ import annotations

from django.db import models

from minqing.deadlines import rows as deadlines
from minqing.deadlines.rows import (
    CLOCK_FIELDS,
    EXTENSION_FIELDS,
    EXTENSION_WORDS,
    PAUSE_FIELDS,
    clock_rules,
    extension_rules,
    pause_rules,
)
from minqing.matters.models.joint import Part
from minqing.matters.models.matter import Matter


class Clock(deadlines.Clock):
    """One deadline of a matter, or of a unit's ``part`` of it."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="clocks")
    part = models.ForeignKey(Part, null=True, blank=True, on_delete=models.CASCADE, related_name="clocks")

    class Meta:
        indexes, constraints = clock_rules("matter")

    class Privacy:
        public = ()
        internal = (*CLOCK_FIELDS, "matter", "part")
        personal = ()
        sensitive = ()


class Pause(deadlines.Pause):
    """A time in which the matter waited. ``stops`` is empty in rows of the first release: its file's rules held."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="pauses")

    class Meta:
        indexes, constraints = pause_rules("matter")

    class Privacy:
        public = ()
        internal = (*PAUSE_FIELDS, "matter")
        personal = ()
        sensitive = ()


class Extension(deadlines.Extension):
    """More time that a unit asked for."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="extensions")
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="extensions")

    class Meta:
        indexes, constraints = extension_rules("matter")

    class Privacy:
        public = ()
        internal = (*EXTENSION_FIELDS, "matter")
        personal = EXTENSION_WORDS
        sensitive = ()
