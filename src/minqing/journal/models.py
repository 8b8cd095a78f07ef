"""The append-only journal of everything that happens, and the seals that prove it unchanged."""

from __future__ import annotations

from django.db import models
from django.db.models import Value
from django.db.models.functions import Now

from minqing.core.ids import new_id


class Event(models.Model):
    """One thing that happened, in the shape of a CloudEvents 1.0 event.

    ``data`` holds ids, codes and figures, never names or texts: the journal can neither be corrected nor erased.
    ``seq``, ``tx`` (transaction number) and ``recorded_at`` are set by the database, whatever a writer sends.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seq = models.BigIntegerField(db_default=Value(0), unique=True, editable=False)
    tx = models.BigIntegerField(db_default=Value(0), editable=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    type = models.CharField(max_length=80)
    source = models.CharField(max_length=120)
    subject = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    purpose = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict)

    # what is written stays: the trigger refuses everyone else, too
    app_may = ("SELECT", "INSERT")

    class Meta:
        indexes = [
            models.Index(fields=["subject", "seq"]),
            models.Index(fields=["type", "seq"]),
            models.Index(fields=["tx", "seq"]),
        ]

    class Privacy:
        public = ()
        internal = ("id", "seq", "tx", "recorded_at", "type", "source", "subject", "at", "purpose", "data")
        personal = ("actor",)
        sensitive = ()
