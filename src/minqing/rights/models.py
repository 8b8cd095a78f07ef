"""Requests about one's own data: who asks what, who checked, decided, carried out and answered it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from minqing.core.ids import new_id
from minqing.deadlines.rows import CLOCK_FIELDS, TIMED_FIELDS, Clock, Timed, clock_rules
from minqing.privacy.fields import BlindIndexField, EncryptedTextField
from minqing.rights.enums import ProofPlace, RequestKind, State, Way
from minqing.rights.lifecycle import ENDED
from minqing.rights.rules import FOUR_EYES, Situation


class Request(Timed):
    """One request. ``resident`` is who it is about, where that person is on file.

    ``corrections`` are the right values by field, as JSON. ``phone_shown``: whoever asks answered at that number;
    until then it finds nothing, since anybody may write down anybody's. ``ticket`` is the digest of the private link.
    ``done`` counts what was carried out by room. ``reminded_at`` is when those who have it in hand were reminded that
    it is nearly due. ``before_four_eyes``: one person checked and decided it, when that was still allowed.
    After a deletion was answered nothing is left here but that there was one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=10)
    way = models.CharField(max_length=8)
    state = models.CharField(max_length=10, default=State.ASKED)
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(
        "households.Household", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    resident = models.ForeignKey(
        "households.Resident", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = EncryptedTextField()
    phone = EncryptedTextField()
    phone_index = BlindIndexField(source="phone")
    phone_shown = models.BooleanField(default=False, db_default=False)
    words = EncryptedTextField()
    corrections = EncryptedTextField()
    guardianship = models.CharField(max_length=10, blank=True)
    guardian = EncryptedTextField()
    prove_at = models.CharField(max_length=8, default=ProofPlace.OFFICE)
    ticket = models.CharField(max_length=64, null=True, blank=True, unique=True)  # unique where there is one
    received_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proof = models.CharField(max_length=8, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    granted = models.BooleanField(null=True, blank=True)
    reasons = EncryptedTextField()
    done = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    before_four_eyes = models.BooleanField(default=False, db_default=False)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["area", "state", "due_at"], name="rights_of_area"),
            models.Index(fields=["phone_index"], name="rights_of_phone"),
            models.Index(
                fields=["due_at"], name="rights_open", condition=~Q(state__in=sorted(one.value for one in ENDED))
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="rights_four_eyes",
                condition=Q(before_four_eyes=True)
                | ~Q(kind__in=sorted(one.value for one in FOUR_EYES))
                | Q(checked_by=None)
                | Q(decided_by=None)
                | ~Q(checked_by=F("decided_by")),
            ),
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "number",
            "kind",
            "way",
            "state",
            "area",
            "guardianship",
            "prove_at",
            "received_at",
            "taken_by",
            "checked_by",
            "phone_shown",
            "proof",
            "checked_at",
            "decided_by",
            "decided_at",
            "granted",
            "done",
            "done_at",
            "answered_at",
            "reminded_at",
            "before_four_eyes",
            "changed_at",
            *TIMED_FIELDS,
        )
        personal = ("household", "resident")
        sensitive = ("name", "phone", "phone_index", "words", "corrections", "guardian", "reasons", "ticket")

    @property
    def situation(self) -> Situation:
        return Situation(
            kind=RequestKind(self.kind),
            state=State(self.state),
            area_id=self.area_id,
            prove_at=ProofPlace(self.prove_at),
            taken_by=self.taken_by_id,
            checked_by=self.checked_by_id,
        )

    @property
    def kind_label(self) -> str:
        return str(RequestKind(self.kind).label)

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)

    @property
    def way_label(self) -> str:
        return str(Way(self.way).label)


class RequestClock(Clock):
    """The one clock of a request: until it is answered."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="clocks")

    class Meta:
        indexes, constraints = clock_rules("request", "rights")

    class Privacy:
        public = ()
        internal = (*CLOCK_FIELDS, "request")
        personal = ()
        sensitive = ()
