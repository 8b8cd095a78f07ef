"""Events that came in: each once, and the raw body until it is taken over."""

from __future__ import annotations

from django.db import models

from minqing.core.ids import new_id
from minqing.partners.enums import OPEN, InboundState
from minqing.partners.models.partner import Partner
from minqing.partners.words import event_word
from minqing.privacy.fields import EncryptedTextField


class Inbound(models.Model):
    """One event of a partner, known by its source and id. ``raw`` is the envelope as it came (``events.Envelope``).

    ``flat`` says that it is the partner's own JSON, read by its mapping. ``code`` is why it waits or was laid aside.
    The area is the partner's when it came. ``raw`` is emptied once the event is taken over, or a while after the
    operator was done with it. ``content`` is a keyed digest of type, subject and data, by which a second event under
    the same id is told from the same event again. ``unusable`` are the optional fields that could not be used, each
    with a code that says why.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=200)
    event = models.CharField(max_length=200)
    type = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    sequence = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(null=True)
    flat = models.BooleanField(default=False)
    raw = EncryptedTextField()
    content = models.BinaryField(max_length=16, null=True)
    state = models.CharField(max_length=10, default=InboundState.RECEIVED)
    code = models.CharField(max_length=40, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    unusable = models.JSONField(default=list)
    matter = models.ForeignKey("matters.Matter", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "source", "event"], name="inbound_once")]
        indexes = [
            models.Index(fields=["next_at"], name="inbound_due", condition=models.Q(state__in=sorted(OPEN))),
            models.Index(fields=["partner", "subject"]),
            models.Index(fields=["state", "received_at"]),
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "partner",
            "area",
            "source",
            "event",
            "type",
            "subject",
            "sequence",
            "at",
            "flat",
            "state",
            "code",
            "tries",
            "next_at",
            "received_at",
            "settled_at",
            "unusable",
            "matter",
        )
        personal = ()
        sensitive = ("raw", "content")

    @property
    def state_label(self) -> str:
        return str(InboundState(self.state).label)

    @property
    def type_label(self) -> str:
        return str(event_word(self.type))
