"""What was found when the seals of a day were looked at."""

from __future__ import annotations

from django.db import models


class SealCheck(models.Model):
    """The seals that were made on ``day``: whether they fit, as found last.

    ``findings`` are the first of what does not fit, each by its kind and the numbers of seal and event; ``wrong`` is
    how many there are. ``done_at`` is empty until the job that was asked for has looked.
    """

    day = models.DateField(primary_key=True)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    first = models.BigIntegerField(default=0)
    last = models.BigIntegerField(default=0)
    events = models.BigIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Privacy:
        public = ()
        internal = ("day", "asked_at", "done_at", "first", "last", "events", "wrong", "findings")
        personal = ()
        sensitive = ()
