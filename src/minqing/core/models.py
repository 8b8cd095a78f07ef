"""Which edition of a small table of reference stands, and which release of the software may work on all of them."""

from __future__ import annotations

from django.db import models


class Edition(models.Model):
    """The present edition of the table ``name``: a new random ``stamp`` with every statement that changes the table.

    A trigger writes it (:func:`minqing.core.cache_version.versioned`), in the transaction of the change. Random and
    never counted: a number that a rolled-back transaction gave back could stand for two different contents.
    """

    name = models.CharField(max_length=63, primary_key=True)
    stamp = models.UUIDField()

    app_may = ("SELECT",)

    class Privacy:
        public = ()
        internal = ("name", "stamp")
        personal = ()
        sensitive = ()


class Release(models.Model):
    """The one row that says who may work on this database: software of at least ``generation``.

    ``version`` is that of the release that brought the tables up to date last. Written by ``minqing migrate`` as the
    owner; older software reads it and stays away (:mod:`minqing.core.compatibility`).
    """

    name = models.CharField(max_length=20, primary_key=True)
    version = models.CharField(max_length=40)
    generation = models.PositiveIntegerField()

    app_may = ("SELECT",)

    class Privacy:
        public = ()
        internal = ("name", "version", "generation")
        personal = ()
        sensitive = ()


class Timekeeping(models.Model):
    """The one row that says how far time has come (:mod:`minqing.core.timekeeping`).

    ``seen_at`` is what the clock said last. Since a leap that nobody has explained ``lived_until`` is what it said
    before that and ``leapt_at`` what it said after; both are None otherwise. Records up to ``excused_until`` may
    bear a time that is still to come: the operator knows of them.
    """

    name = models.CharField(max_length=20, primary_key=True)
    seen_at = models.DateTimeField()
    lived_until = models.DateTimeField(null=True)
    leapt_at = models.DateTimeField(null=True)
    excused_until = models.DateTimeField(null=True)

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Privacy:
        public = ()
        internal = ("name", "seen_at", "lived_until", "leapt_at", "excused_until")
        personal = ()
        sensitive = ()
