"""Imports of tables: one run from the file as sent to the rows as stored."""

from __future__ import annotations

from django.db import models

from minqing.core.ids import new_id
from minqing.intake.enums import Mode, RunState


class ImportRun(models.Model):
    """One table handed in: first checked (a dry run), then loaded, resumable at ``done_rows``.

    ``mapping`` is what was understood: all ``headings``, ``columns`` as pairs of heading and label, headings that are
    ``unknown``, labels that are ``missing``, ``warnings``. ``layout`` is what is read by from then on, so that what
    was looked at is what is loaded: ``heading_row``, ``columns`` as field → place, and ``by`` whom
    (:class:`~minqing.intake.enums.Way`). ``problems`` holds the first errors (``row``, ``column``, ``value`` masked,
    ``text``) and ``problem_rows`` counts all. ``stored`` and ``marked`` name the file as sent and the marked-up
    workbook in the imports folder; both are empty once they were deleted. ``choice`` is the option of the kind that
    whoever loads it took. ``by`` and ``post`` are ids of the room above; without ``by`` the operator brought the
    table on the command line.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default=RunState.CHECKING)
    mode = models.CharField(max_length=5, default=Mode.ALL)
    name = models.CharField(max_length=120)
    stored = models.CharField(max_length=80)
    marked = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64)
    sheet = models.CharField(max_length=60, blank=True)
    choice = models.CharField(max_length=10, blank=True, default="")
    language = models.CharField(max_length=10, default="zh-hans")
    mapping = models.JSONField(default=dict)
    layout = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    message = models.CharField(max_length=300, blank=True)
    total_rows = models.PositiveIntegerField(default=0)
    problem_rows = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    created_rows = models.PositiveIntegerField(default=0)
    updated_rows = models.PositiveIntegerField(default=0)
    unchanged_rows = models.PositiveIntegerField(default=0)
    by = models.UUIDField(null=True, blank=True)
    post = models.UUIDField(null=True, blank=True)
    by_name = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["by", "-made_at"])]

    class Privacy:
        public = ()
        internal = (
            "id",
            "kind",
            "state",
            "mode",
            "stored",
            "marked",
            "sha256",
            "sheet",
            "choice",
            "language",
            "mapping",
            "layout",
            "message",
            "total_rows",
            "problem_rows",
            "done_rows",
            "created_rows",
            "updated_rows",
            "unchanged_rows",
            "made_at",
            "finished_at",
        )
        personal = ("name", "by", "post", "by_name")
        sensitive = ("problems",)


class ColumnMemory(models.Model):
    """How an office has read the tables of one kind with the same headings: loaded so last time, and offered next time.

    ``office`` is the id of the unit of the room above, 0 for the county's operators. ``headings`` is a digest of all
    of them; ``columns`` is field → place, and ``words`` field → heading, by which sheet and row are found again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)
    office = models.BigIntegerField()
    headings = models.CharField(max_length=64)
    columns = models.JSONField()
    words = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "office", "headings"], name="intake_one_memory")]

    class Privacy:
        public = ()
        internal = ("id", "kind", "office", "headings", "columns", "words", "kept_at")
        personal = ()
        sensitive = ()
