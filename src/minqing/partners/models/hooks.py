"""Events that go out: where to, and how each fared."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from minqing.core.ids import new_id
from minqing.partners.enums import DUE, DeliveryState
from minqing.partners.models.partner import Partner
from minqing.partners.words import event_word
from minqing.privacy.fields import EncryptedTextField


class Endpoint(models.Model):
    """An address of a partner that is sent events. ``types`` as ``cn.minqing.matter.*`` or whole.

    While the secret is being changed (``rotated_at``) each message is signed by the former one too.
    Until ``held_until`` nothing is sent, as it asked; ``rate`` is how many a minute it takes, None: it did not say.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="endpoints")
    url = models.CharField(_("Address"), max_length=500)
    types = ArrayField(models.CharField(max_length=60), verbose_name=_("Types of events"))
    active = models.BooleanField(_("In use"), default=True)
    off_because = models.CharField(max_length=20, blank=True)
    secret = EncryptedTextField()
    former_secret = EncryptedTextField()
    rotated_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    rate = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "url"], name="endpoint_once")]

    class Privacy:
        public = ()
        internal = (
            "id",
            "partner",
            "url",
            "types",
            "active",
            "off_because",
            "rotated_at",
            "held_until",
            "rate",
            "made_at",
        )
        personal = ()
        sensitive = ("secret", "former_secret")

    @property
    def type_labels(self) -> list[str]:
        return [str(event_word(one)) for one in self.types]


class Delivery(models.Model):
    """One event on its way to one endpoint. ``body`` is what the partner may know of it, fixed when it was queued.

    ``next_at`` is when it is due; whoever sends it moves that on first, so that nobody else sends it meanwhile.
    ``status`` is what HTTP answered, ``error`` a word where nothing came back.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.UUIDField()
    type = models.CharField(max_length=60)
    sequence = models.BigIntegerField()
    body = models.JSONField()
    state = models.CharField(max_length=10, default=DeliveryState.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=20, blank=True)
    queued_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "event"], name="delivery_once")]
        indexes = [
            models.Index(fields=["next_at"], name="delivery_due", condition=models.Q(state__in=sorted(DUE))),
            models.Index(fields=["state", "queued_at"]),
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "endpoint",
            "event",
            "type",
            "sequence",
            "body",
            "state",
            "tries",
            "next_at",
            "status",
            "error",
            "queued_at",
            "settled_at",
        )
        personal = ()
        sensitive = ()

    @property
    def state_label(self) -> str:
        return str(DeliveryState(self.state).label)

    @property
    def type_label(self) -> str:
        return str(event_word(self.type))
