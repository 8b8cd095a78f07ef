"""Lists on their way out."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from minqing.core.ids import new_id
from minqing.exports.enums import State


class ExportRequest(models.Model):
    """A list that left, or is to leave, the system as a table: ``rows`` of what ``query`` finds, for ``purpose``.

    ``kind`` is the list's, by its code (:mod:`minqing.exports.kinds`). ``area`` is that of the post in which it is
    asked for: somebody else of it, or above it, decides. It is taken in that ``post`` alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    post = models.UUIDField(null=True)
    query = models.CharField(max_length=1000)
    purpose = models.CharField(max_length=16)
    rows = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=State.ASKED)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "asked_at"], name="exports_of_account"),
            models.Index(fields=["area", "state"], name="exports_of_area"),
        ]
        constraints = [
            models.CheckConstraint(
                name="export_decided_by_another",
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("account")),
            ),
        ]

    class Privacy:
        public = ()
        internal = ("id", "kind", "area", "post", "purpose", "rows", "state", "asked_at", "decided_at", "taken_at")
        personal = ("account", "query", "decided_by")
        sensitive = ()
