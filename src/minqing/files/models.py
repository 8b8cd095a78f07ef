"""Attachments: pictures that came in, always decoded and written anew."""

from __future__ import annotations

from django.db import models

from minqing.core.ids import new_id


class Attachment(models.Model):
    """One stored picture: a JPEG made by us from what was sent, and its thumbnail, under random names.

    The row says nothing about what the picture belongs to; the record that holds it decides who may see it.
    ``sha256`` is of the bytes as sent, so that the same picture sent twice by one person is kept once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    stored = models.CharField(max_length=80, unique=True)
    thumbnail = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    sent_by = models.CharField(max_length=120)
    stored_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sent_by", "sha256"])]

    class Privacy:
        public = ()
        internal = ("id", "stored", "thumbnail", "size", "width", "height", "stored_at")
        personal = ("name", "sent_by", "sha256")
        sensitive = ()
