"""What the door must remember: how often somebody knocked."""

from __future__ import annotations

from django.db import models


class Bucket(models.Model):
    """A token bucket, kept as the one moment at which it will be full again.

    ``key`` is a keyed digest of the limit and of whom it is for: no address, number or link stands here. The table
    is UNLOGGED: it need not survive a crash and costs no write-ahead log.
    """

    key = models.CharField(max_length=32, primary_key=True)
    full_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["full_at"])]

    class Privacy:
        public = ()
        internal = ("key", "full_at")
        personal = ()
        sensitive = ()
