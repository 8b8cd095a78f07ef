"""Which edition of a small table of reference stands, so that processes may keep what they made of it."""

from __future__ import annotations

from django.db import models


class Edition(models.Model):
    """The present edition of the table ``name``: a new random ``stamp`` with every statement that changes the table.

    A trigger writes it (:func:`minqing.core.editions.stamped`), in the transaction of the change. Random and never
    counted: a number that a rolled-back transaction gave back could stand for two different contents.
    """

    name = models.CharField(max_length=63, primary_key=True)
    stamp = models.UUIDField()

    app_may = ("SELECT",)

    class Privacy:
        public = ()
        internal = ("name", "stamp")
        personal = ()
        sensitive = ()
