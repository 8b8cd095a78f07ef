"""The tree of categories."""

from __future__ import annotations

from django.db import models


class Category(models.Model):
    """A class of matters in a tree of up to three levels, loaded from reference data.

    ``keywords`` suggest the category for a text, ``unit_code`` the unit (a code, or ``kind:`` and a kind of unit
    in the matter's own township), ``working_days`` the promised norm, ``legal_term`` what a law
    allows at most (a target such as ``60nd``, empty for none), ``questions`` what is asked besides the text
    (:mod:`minqing.matters.questions`). What is not ``publishable`` is about private life: solved matters of it are not
    told on the public page.
    """

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    level = models.PositiveSmallIntegerField(default=1)
    keywords = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    unit_code = models.CharField(max_length=40, blank=True)
    working_days = models.PositiveSmallIntegerField(default=5)
    legal_term = models.CharField(max_length=12, blank=True)
    publishable = models.BooleanField(default=True, db_default=True)
    version = models.PositiveIntegerField(default=1)
    retired = models.BooleanField(default=False)

    class Privacy:
        public = (
            "code",
            "name",
            "parent",
            "level",
            "keywords",
            "working_days",
            "legal_term",
            "questions",
            "publishable",
            "version",
            "retired",
        )
        internal = ("unit_code",)
        personal = ()
        sensitive = ()
