"""Which keys this database was written with, told by what cannot be turned back into them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class KeyPrint(models.Model):
    """The fingerprint of a key that this database needs. Of the field key there may be several: former ones are read.

    Written by the owner when the tables are brought up to date (:mod:`minqing.privacy.key_prints`).
    """

    name = models.CharField(max_length=20)
    digest = models.CharField(max_length=16)
    noted_at = models.DateTimeField(default=timezone.now)

    app_may = ("SELECT",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "digest"], name="key_print_once")]

    class Privacy:
        public = ()
        internal = ("id", "name", "digest", "noted_at")
        personal = ()
        sensitive = ()


class Withheld(models.Model):
    """A number at which nobody is called or written to any more: ``mark`` is its keyed index, and all there is."""

    mark = models.BinaryField(max_length=16, primary_key=True)
    since = models.DateTimeField()

    app_may = ("SELECT", "INSERT", "DELETE")

    class Privacy:
        public = ()
        internal = ("since",)
        personal = ()
        sensitive = ("mark",)
