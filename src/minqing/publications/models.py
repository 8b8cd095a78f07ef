"""What the public reads: solved matters in another's words, and figures of quarters that are over."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from minqing.core.ids import new_id
from minqing.publications.enums import Stage

SHOWN = [Stage.REVIEWED.value, Stage.PUBLISHED.value]


class Publication(models.Model):
    """A solved matter rewritten for the public page; it holds nothing that the page does not show.

    ``area`` is the township: of a village one would know who it was. ``version`` counts the drafts, so that a review
    is of the text that was read. ``objection``: the reporter does not want it. ``search`` holds the words of the three
    texts, as a matter has them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # nothing of a matter goes while its story is on the public page
    matter = models.OneToOneField("matters.Matter", on_delete=models.PROTECT, related_name="publication")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey("matters.Category", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=Stage.DRAFT)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=120)
    question = models.TextField()
    answer = models.TextField()
    objection = models.BooleanField(default=False)
    search = SearchVectorField(null=True, editable=False)
    prepared_by = models.ForeignKey("org.Account", on_delete=models.PROTECT, related_name="+")
    reviewed_by = models.ForeignKey("org.Account", null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "changed_at", "id"], name="publications_waiting"),
            models.Index(
                fields=["-published_at", "-id"],
                name="published_newest",
                condition=models.Q(state=Stage.PUBLISHED.value),
            ),
            GinIndex(fields=["search"], name="published_search", condition=models.Q(state=Stage.PUBLISHED.value)),
        ]
        constraints = [
            models.CheckConstraint(
                name="four_eyes",
                condition=~models.Q(state__in=SHOWN)
                | (models.Q(reviewed_by__isnull=False) & ~models.Q(reviewed_by=models.F("prepared_by"))),
            ),
            models.CheckConstraint(
                name="published_has_time",
                condition=~models.Q(state=Stage.PUBLISHED.value) | models.Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="no_objection",
                condition=~models.Q(state__in=SHOWN) | models.Q(objection=False),
            ),
        ]

    @property
    def state_label(self) -> str:
        return str(Stage(self.state).label)

    class Privacy:
        public = ("id", "area", "category", "published_at")
        internal = ("matter", "state", "version", "objection", "prepared_by", "reviewed_by", "changed_at")
        # public once it is published; before that it may still hold what the review finds
        personal = ("title", "question", "answer", "search")
        sensitive = ()


class QuarterFigures(models.Model):
    """The county's figures of one quarter as they were published, small counts withheld already.

    ``table`` holds ``places`` and ``topics`` (code and name each) and ``cells``: [place, topic, outcome, count], the
    count null where it is withheld, empty codes for totals. Once there it never changes: of two versions one could
    take the difference.
    """

    app_may = ("SELECT", "INSERT")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    threshold = models.PositiveSmallIntegerField()
    table = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "quarter"], name="quarter_published_once"),
            models.CheckConstraint(name="quarter_of_four", condition=models.Q(quarter__range=(1, 4))),
        ]

    class Privacy:
        public = ("id", "year", "quarter", "threshold", "table", "made_at")
        internal = ()
        personal = ()
        sensitive = ()
