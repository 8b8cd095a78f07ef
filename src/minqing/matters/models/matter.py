"""A matter and what is kept of who raised it."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from minqing.core.ids import new_id
from minqing.deadlines.enums import Light
from minqing.deadlines.rows import TIMED_FIELDS, Timed
from minqing.matters.enums import OPEN, UNSAID, Channel, Mechanism, Outcome, State
from minqing.matters.models.category import Category
from minqing.matters.models.naming import face_of, state_word
from minqing.matters.rules import Situation
from minqing.privacy.fields import BlindIndexField, EncryptedTextField

TO_ASSIGN = _("To be assigned")
ASSIGN_LATE = _("Overdue: to be assigned")


def light_word(state: str, light: str) -> str:
    """The word beside a light where it is not the colour's own: what is settled or stands still has no deadline."""
    if state == State.RECEIVED:
        return str(ASSIGN_LATE if light == Light.RED else TO_ASSIGN)
    still = state == State.SUSPENDED and light == Light.GREY
    return state_word(State(state)) if still or state not in OPEN else ""


def deadline_word(state: str, colour: Light) -> str:
    """What list and export say of a deadline; empty for what is settled or stands still."""
    still = colour is Light.GREY and state == State.SUSPENDED
    return "" if still or state not in OPEN else light_word(state, colour) or str(colour.label)


def outcome_word(outcome: str, state: str) -> str:
    if outcome:
        return str(Outcome(outcome).label)
    return str(UNSAID) if state in {State.FINISHED, State.CONFIRMED} else ""


class Matter(Timed):
    """One matter. ``outside_number`` is the sender's own number where it came from another system.

    ``ticket`` is the digest of the private link by which the reporter follows it; ``search`` holds the words and
    character pairs of title and text. ``answers`` are those to the category's questions by their code,
    ``changed_at`` the time of the newest step.

    ``supporting`` are the ids of units asked for a part of it, beside their :class:`Part` rows so that the second
    wall need not look there. ``cause`` is the matter with which a merged one is handled. ``confidential`` belongs to
    no household's file and is hidden from posts in a village; ``sender`` is the other system that sent it in, which
    sees it all the same. ``objection``: the reporter does not want it published, not even without names.
    ``handler`` is who in the leading unit has it, as far as a post there still goes: see ``queries.handlers``.
    ``outcome`` is how it went in the words of the unit that answers, with ``outcome_note`` why, or what comes next;
    empty while it is open, and where nobody said.
    ``contested``, ``bound``, ``refusals``: see :class:`minqing.matters.rules.Situation`. ``last_…`` is what the
    reporter said last and when, and when he last would not say: a trigger keeps it beside the confirmations.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    answers = models.JSONField(default=dict, db_default={})
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="matters")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(
        "households.Household", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    channel = models.CharField(max_length=10, default=Channel.VISIT)
    mechanism = models.CharField(max_length=12, default=Mechanism.IMMEDIATE)
    state = models.CharField(max_length=12, default=State.RECEIVED)
    supporting = ArrayField(models.IntegerField(), default=list, db_default=[])
    refusals = models.PositiveSmallIntegerField(default=0, db_default=0)
    contested = models.BooleanField(default=False, db_default=False)
    bound = models.BooleanField(default=False, db_default=False)
    cause = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    confidential = models.BooleanField(default=False, db_default=False)
    objection = models.BooleanField(default=False, db_default=False)
    sender = models.UUIDField(null=True, blank=True)
    lead_unit = models.ForeignKey("org.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey(
        "org.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    received_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, blank=True, default="", db_default="")
    outcome_note = models.TextField(blank=True, default="", db_default="")
    reopened = models.PositiveSmallIntegerField(default=0)
    last_solved = models.BooleanField(null=True, editable=False)
    last_satisfaction = models.PositiveSmallIntegerField(null=True, editable=False)
    last_source = models.CharField(max_length=8, default="", db_default="", editable=False)
    last_word_at = models.DateTimeField(null=True, editable=False)
    last_declined_at = models.DateTimeField(null=True, editable=False)
    likes = models.PositiveIntegerField(default=0)
    place = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    datum = models.CharField(max_length=10, blank=True)
    outside_number = models.CharField(max_length=240, null=True, blank=True)  # noqa: DJ001  # unique where there is one
    ticket = models.CharField(max_length=64, null=True, blank=True, unique=True)
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["area", "state", "due_at"]),
            models.Index(fields=["lead_unit", "state", "due_at"]),
            models.Index(fields=["received_at", "id"]),
            models.Index(fields=["changed_at", "id"]),
            models.Index(fields=["household"]),
            models.Index(fields=["category", "received_at"]),
            models.Index(fields=["finished_at"], name="matter_finished", condition=models.Q(finished_at__isnull=False)),
            models.Index(fields=["handler"], name="matter_handler", condition=models.Q(handler__isnull=False)),
            models.Index(fields=["due_at"], name="matter_open_due", condition=models.Q(state__in=sorted(OPEN))),
            # what may be told to the public, the newest first, and how much of it may not
            models.Index(
                fields=["-closed_at", "-id"],
                name="matter_closed_newest",
                condition=models.Q(state=State.CONFIRMED.value, objection=False, confidential=False),
            ),
            models.Index(
                fields=["area"],
                name="matter_objecting",
                condition=models.Q(state=State.CONFIRMED.value, objection=True),
            ),
            GinIndex(fields=["search"]),
            # whole, though most are empty: the wall asks for it beside the others, where a partial one does not serve
            GinIndex(fields=["supporting"], name="matter_supporting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["channel", "outside_number"], name="outside_number_once"),
            models.CheckConstraint(
                name="assigned_has_unit",
                condition=models.Q(state__in=[State.RECEIVED.value, State.WITHDRAWN.value])
                | models.Q(lead_unit__isnull=False)
                # declined at the clerk's desk, or handled with another one
                | models.Q(state__in=[State.DECLINED.value, State.MERGED.value])
                | models.Q(cause__isnull=False),
            ),
            models.CheckConstraint(
                name="answered_has_time",
                condition=~models.Q(state__in=[State.FINISHED.value, State.CONFIRMED.value])
                | models.Q(finished_at__isnull=False),
            ),
        ]

    @property
    def holder(self) -> Any:
        """The unit that has it now; none while it waits for one, though ``lead_unit`` still names who had it before."""
        return None if self.state == State.RECEIVED else self.lead_unit

    @property
    def situation(self) -> Situation:
        """What the rules look at."""
        return Situation(
            state=State(self.state),
            area_id=self.area_id,
            unit_id=self.lead_unit_id,
            supporting=frozenset(self.supporting),
            mechanism=Mechanism(self.mechanism),
            contested=self.contested,
            bound=self.bound,
            confidential=self.confidential,
            sender=self.sender,
        )

    class Privacy:
        public = ("number", "state", "category", "received_at", "finished_at", "closed_at", "likes")
        internal = (
            *TIMED_FIELDS,
            "id",
            "area",
            "channel",
            "mechanism",
            "lead_unit",
            "handler",
            "assigned_at",
            "outcome",
            "reopened",
            "outside_number",
            "changed_at",
            "supporting",
            "refusals",
            "contested",
            "bound",
            "cause",
            "confidential",
            "objection",
            "sender",
            "last_solved",
            "last_satisfaction",
            "last_source",
            "last_word_at",
            "last_declined_at",
        )
        personal = ("title", "text", "answers", "outcome_note", "household", "place", "latitude", "longitude", "datum")
        sensitive = ("ticket", "search")

    @property
    def state_label(self) -> str:
        """The state in the county's words."""
        return state_word(self.state)

    @property
    def outcome_label(self) -> str:
        """How it went, in words; empty while it is not answered."""
        return outcome_word(self.outcome, self.state)

    @property
    def face(self) -> tuple[str, str]:
        """The clock face of its state, and the word beside it."""
        return face_of(self.state, had_unit=self.lead_unit_id is not None, reopened=self.reopened)


class Reporter(models.Model):
    """Who raised a matter and how to reach them; at most one a matter, none for the anonymous.

    ``contact`` is a safe way to be reached, in the reporter's words ("only by day", "not at home").
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.OneToOneField(Matter, on_delete=models.CASCADE, related_name="reporter")
    name = EncryptedTextField()
    phone = EncryptedTextField()
    phone_index = BlindIndexField(source="phone")
    contact = EncryptedTextField()

    class Meta:
        indexes = [models.Index(fields=["phone_index"])]

    class Privacy:
        public = ()
        internal = ("id", "matter")
        personal = ()
        sensitive = ("name", "phone", "phone_index", "contact")
