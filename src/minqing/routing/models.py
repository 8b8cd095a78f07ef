"""Routing rules in versions, their test cases and trials, and by which rule each matter came to its unit."""

from __future__ import annotations

from django.db import models

from minqing.core.ids import new_id
from minqing.matters.enums import Channel
from minqing.routing.enums import RouteState


class RouteSet(models.Model):
    """One version of the rules of a township or of the county; ``number`` counts within its area.

    Only a draft is changed. Of an area one set at most is live and one a draft.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, default=RouteState.DRAFT)
    note = models.CharField(max_length=200, blank=True)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    live_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "number"], name="route_set_number_once"),
            models.UniqueConstraint(
                fields=["area"], condition=models.Q(state=RouteState.LIVE.value), name="route_set_live_once"
            ),
            models.UniqueConstraint(
                fields=["area"], condition=models.Q(state=RouteState.DRAFT.value), name="route_set_draft_once"
            ),
        ]

    class Privacy:
        public = ()
        internal = ("id", "area", "number", "state", "note", "made_by", "made_at", "live_at")
        personal = ()
        sensitive = ()


class Route(models.Model):
    """One rule. ``condition`` is as :func:`minqing.routing.serializers.condition_to_json` writes it.

    Its unit is ``unit``, or what ``unit_expression`` finds at the matter's place (as ``Category.unit_code``). ``mark``
    is a digest of condition and unit: the same rule in another version has the same.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    set = models.ForeignKey(RouteSet, on_delete=models.CASCADE, related_name="routes")
    order = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    condition = models.JSONField(default=dict)
    unit = models.ForeignKey("org.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit_expression = models.CharField(max_length=80, blank=True)
    mechanism = models.CharField(max_length=12, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    stop = models.BooleanField(default=True)
    mark = models.CharField(max_length=32)

    class Meta:
        ordering = ["order", "id"]
        indexes = [models.Index(fields=["mark"], name="routing_route_mark")]

    class Privacy:
        public = ()
        internal = (
            "id",
            "set",
            "order",
            "name",
            "condition",
            "unit",
            "unit_expression",
            "mechanism",
            "days",
            "stop",
            "mark",
        )
        personal = ()
        sensitive = ()

    @property
    def unit_code(self) -> str:
        """The expression that finds the unit; of a unit its code."""
        return self.unit.code if self.unit else self.unit_expression


class RouteCase(models.Model):
    """A test of a set: this matter must go to that unit. ``area`` is the set's, ``place`` the matter's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    set = models.ForeignKey(RouteSet, on_delete=models.CASCADE, related_name="cases")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    category = models.ForeignKey("matters.Category", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    channel = models.CharField(max_length=10, default=Channel.COUNTER)
    answers = models.JSONField(default=dict)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    class Privacy:
        public = ()
        internal = ("id", "set", "area", "category", "place", "at", "channel", "unit")
        personal = ("title", "text", "answers")
        sensitive = ()


class RouteReplay(models.Model):
    """A trial of a draft on matters of the past, as it came out.

    ``digest`` says which wording of the draft was tried and ``against`` which live set it was compared with.
    ``figures`` are counts, ``moved`` one list for each matter that would go elsewhere: its id, the unit by the live
    rules, that by the draft, that where it ended (ids or None), and the id of the draft's rule.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    set = models.ForeignKey(RouteSet, on_delete=models.CASCADE, related_name="replays")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    against = models.ForeignKey(RouteSet, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    figures = models.JSONField(default=dict)
    moved = models.JSONField(default=list)

    class Privacy:
        public = ()
        internal = ("id", "set", "area", "against", "digest", "at", "by", "figures", "moved")
        personal = ()
        sensitive = ()


class Routing(models.Model):
    """What the rules said when a matter was assigned, and what was chosen. ``area`` is the matter's.

    ``source`` is what named the unit, ``route`` the rule if it was one; ``because`` holds the codes that made it fit.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey("matters.Matter", on_delete=models.CASCADE, related_name="routings")
    step = models.OneToOneField("matters.Step", on_delete=models.CASCADE, related_name="routing")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    route = models.ForeignKey(Route, null=True, blank=True, on_delete=models.PROTECT, related_name="routings")
    set = models.ForeignKey(RouteSet, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=8)
    because = models.JSONField(default=dict)
    suggested = models.ForeignKey("org.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    chosen = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["matter", "at"], name="routing_of_matter"),
            models.Index(fields=["route", "at"], name="routing_by_route"),
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "matter",
            "step",
            "area",
            "route",
            "set",
            "source",
            "because",
            "suggested",
            "chosen",
            "at",
        )
        personal = ()
        sensitive = ()
