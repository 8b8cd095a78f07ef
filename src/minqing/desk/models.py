"""What the desk keeps of its own: how the system was found when it was last looked over."""

from __future__ import annotations

from django.db import models


class Health(models.Model):
    """One thing that is looked at (``core.health.Finding``), as the job found it last.

    ``name`` is the English one, by which it is known again; ``texts`` holds what is read in each language. ``since``
    is when it last became well, or ceased to be.
    """

    name = models.CharField(max_length=120, primary_key=True)
    position = models.PositiveSmallIntegerField()
    well = models.BooleanField()
    known = models.BooleanField(default=True)
    page = models.CharField(max_length=80, blank=True)
    texts = models.JSONField()
    since = models.DateTimeField()
    looked_at = models.DateTimeField()

    class Privacy:
        public = ()
        internal = ("name", "position", "well", "known", "page", "texts", "since", "looked_at")
        personal = ()
        sensitive = ()
