"""The county's own print sheets."""

from __future__ import annotations

from django.db import models

from minqing.core.ids import new_id


class Template(models.Model):
    """A Word template for the ``sheet`` of that code as the operator uploaded it, checked before it was stored.

    The newest one of a sheet is in use. Rows are only ever added. A row without ``content`` goes back to the sheet that
    comes with the software.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sheet = models.CharField(max_length=40)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    by = models.CharField(max_length=120)

    app_may = ("SELECT", "INSERT")

    class Meta:
        indexes = [models.Index(fields=["sheet", "uploaded_at"], name="documents_newest")]

    class Privacy:
        public = ()
        internal = ("id", "sheet", "content", "digest", "uploaded_at", "by")
        personal = ()
        sensitive = ()
