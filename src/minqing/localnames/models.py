"""The county's own words."""

from __future__ import annotations

from typing import Final

from django.db import models

from minqing.core.ids import new_id

WORD_LENGTH: Final = 12


class LocalName(models.Model):
    """The county's ``word`` for one member ``code`` of ``kind`` in one language, and what residents read.

    An empty word is the shipped one. A row that says nothing is not there.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=30)
    code = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    word = models.CharField(max_length=WORD_LENGTH, blank=True)
    public_word = models.CharField(max_length=WORD_LENGTH, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "language"], name="named_once"),
            models.UniqueConstraint(
                fields=["kind", "language", "word"], condition=~models.Q(word=""), name="no_word_for_two"
            ),
        ]

    class Privacy:
        public = ("kind", "code", "language", "word", "public_word")
        internal = ("id", "changed_at", "changed_by")
        personal = ()
        sensitive = ()
