"""The county's own print sheets 办理单."""

from __future__ import annotations

from django.db import models

from minqing.core.ids import new_id


class SheetTemplate(models.Model):
    """A Word template as the operator uploaded it, checked before it was stored; the newest one is in use.

    Rows are only ever added. A row without ``content`` goes back to the sheet that comes with the software.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    by = models.CharField(max_length=120)

    app_may = ("SELECT", "INSERT")

    class Meta:
        indexes = [models.Index(fields=["uploaded_at"])]

    class Privacy:
        public = ()
        internal = ("id", "content", "digest", "uploaded_at", "by")
        personal = ()
        sensitive = ()
