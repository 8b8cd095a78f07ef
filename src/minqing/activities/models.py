"""Activities, who has signed up for them, and how they were."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from minqing.activities.enums import SignUpState, State
from minqing.activities.rules import Situation
from minqing.core.ids import new_id
from minqing.earning.enums import Confirmer
from minqing.privacy.fields import EncryptedTextField


class Activity(models.Model):
    """Something that people of ``area`` do together. What is announced is no secret.

    ``version`` is what it is thanked for, as it was in force when it was published. ``capacity`` None is without a
    limit. ``reasons`` are why it was cancelled, or why its list was sent back.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=40)
    words = models.TextField(blank=True)
    place = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sign_up_until = models.DateTimeField()
    version = models.ForeignKey("earning.FunctionVersion", on_delete=models.PROTECT, related_name="+")
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10)
    reasons = models.TextField(blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    thanked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    thanked_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["area", "state", "starts_at"], name="activities_of_area")]
        constraints = [
            models.CheckConstraint(name="activities_in_order", condition=Q(starts_at__lt=F("ends_at"))),
            # of two people neither is the other
            models.CheckConstraint(
                name="activities_other_eyes",
                condition=Q(settled_by=None) | Q(thanked_by=None) | ~Q(settled_by=F("thanked_by")),
            ),
        ]

    class Privacy:
        public = (
            "id",
            "area",
            "title",
            "words",
            "place",
            "starts_at",
            "ends_at",
            "sign_up_until",
            "version",
            "capacity",
            "state",
            "reasons",
            "thanked_at",
        )
        internal = ("written_by", "settled_by", "thanked_by", "changed_at")
        personal = ()
        sensitive = ()

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)

    def situation(self, came: int = 0, listed_by: frozenset[UUID] = frozenset()) -> Situation:
        """For the rules, with so many who came and those of the staff who put one of them on the list."""
        return Situation(
            state=State(self.state),
            area_id=self.area_id,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            sign_up_until=self.sign_up_until,
            points=came * self.version.points,
            by_township=self.version.confirmer == Confirmer.TOWNSHIP,
            written_by=self.written_by_id,
            settled_by=self.settled_by_id,
            listed_by=listed_by,
        )


class SignUp(models.Model):
    """Somebody comes, or waits for a place. Neither when nor where somebody was is kept, only that they ``came``.

    ``area`` is where they lived when they signed up, ``household`` the one of which they are by now. ``signed_by`` is
    who did it for them, None for themselves at their door, and ``listed_by`` who said from the list that they came,
    None where they showed the code of the screen.
    ``beyond``: they came, and were thanked for such things as often as one is.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="sign_ups")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(
        "households.Household", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    resident = models.ForeignKey(
        "households.Resident", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = EncryptedTextField()
    state = models.CharField(max_length=10)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    listed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    beyond = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["activity", "state", "signed_at"], name="sign_ups_in_turn")]
        constraints = [
            models.UniqueConstraint(
                name="activities_once_each",
                fields=["activity", "resident"],
                condition=~Q(state=SignUpState.WITHDRAWN.value),
            ),
        ]

    class Privacy:
        public = ()
        internal = ("id", "activity", "area", "state", "signed_at", "signed_by", "listed_by", "beyond")
        personal = ("household", "resident")
        sensitive = ("name",)

    @property
    def state_label(self) -> str:
        return str(SignUpState(self.state).label)

    @property
    def cause(self) -> str:
        """How the award for it names it: once."""
        return f"sign_up:{self.pk}"


class Report(models.Model):
    """How an activity was, in words and pictures, for the people of the place; ``public``: also for everybody."""

    activity = models.OneToOneField(Activity, primary_key=True, on_delete=models.PROTECT, related_name="report")
    words = models.TextField()
    public = models.BooleanField(default=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Privacy:
        public = ("activity", "words", "public", "written_at")
        internal = ("written_by",)
        personal = ()
        sensitive = ()


class ReportPhoto(models.Model):
    """A picture of an activity."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="photos")
    attachment = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        public = ()
        internal = ("id", "activity", "attachment")
        personal = ()
        sensitive = ()
