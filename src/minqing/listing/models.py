"""What people keep of lists."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from minqing.core.ids import new_id


class SavedFilter(models.Model):
    """A list that somebody comes back to: ``list`` by its name, ``query`` is what stands behind the ``?``."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "list", "name"], name="filter_named_once")]

    class Privacy:
        public = ()
        internal = ("id", "list", "saved_at")
        personal = ("account", "name", "query")
        sensitive = ()
