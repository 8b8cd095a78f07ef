"""The tree of categories."""

from __future__ import annotations

from typing import Any, Final

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from minqing.matters.questions import Question, in_language

# in which ``name`` is written
OWN: Final = "zh-hans"


class Category(models.Model):
    """A class of matters in a tree of up to three levels: loaded from reference data, then the operator's own.

    ``keywords`` suggest the category for a text, ``unit_code`` the unit (a code, or ``kind:`` and a kind of unit
    in the matter's own township), ``working_days`` the promised norm, ``legal_term`` what a law
    allows at most (a target such as ``60nd``, empty for none), ``questions`` what is asked besides the text
    (:mod:`minqing.matters.questions`). What is not ``publishable`` is about private life: solved matters of it are not
    told on the public page.

    ``name`` is in Simplified Chinese, ``names`` has it in other languages; one without it there reads ``name``.
    ``changed_at``: the county has made it, or made something else of it, and no release changes it any more.
    """

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=60)
    names = models.JSONField(default=dict, db_default={})
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
    changed_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        public = (
            "code",
            "name",
            "names",
            "parent",
            "level",
            "keywords",
            "working_days",
            "legal_term",
            "questions",
            "publishable",
            "version",
            "retired",
            "changed_at",
        )
        internal = ("unit_code",)
        personal = ()
        sensitive = ()

    @property
    def called(self) -> str:
        """Its name in the language in force."""
        return str(self.names.get(spoken()) or self.name)

    @property
    def asks(self) -> list[Question]:
        """Its questions in the language in force."""
        return [in_language(one, spoken()) for one in self.questions]


def spoken() -> str:
    return get_language() or OWN


def called(category: str = "category") -> Any:
    """The name in the language in force as an expression; ``category`` is the way to it (``category__parent``)."""
    language, name = spoken(), F(f"{category}__name")
    if language == OWN:
        return name
    return Coalesce(KeyTextTransform(language, f"{category}__names"), name, output_field=models.CharField())


def top_called(category: str = "category") -> Coalesce:
    """The name of the first-level category above it, or of itself."""
    return Coalesce(*(called(one) for one in ways_up(category)), output_field=models.CharField())


def top_code(category: str = "category") -> Coalesce:
    return Coalesce(*(f"{one}__code" for one in ways_up(category)))


def within_category(code: str) -> Q:
    """Of what has a ``category``: that one or one below it."""
    return Q(category=code) | Q(category__parent=code) | Q(category__parent__parent=code)


def ways_up(category: str) -> list[str]:
    """To the highest of three levels first."""
    return [f"{category}__parent__parent", f"{category}__parent", category]
