"""Who the other systems are, and the tokens by which they are known."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from minqing.core.ids import new_id
from minqing.partners.rules import BURST, RATE
from minqing.privacy.fields import EncryptedTextField


class Partner(models.Model):
    """Another system. It sees ``area`` with all below it, and acts for ``unit`` where it has one.

    ``mapping`` is the table (YAML) by which its own JSON is read, where it speaks no CloudEvents; the secrets are
    those by which it signs what it sends, ``former_secret`` for as long as :data:`rules.ROTATION`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(_("Code"), max_length=20, unique=True)
    name = models.CharField(_("Partner's name"), max_length=80)
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+", verbose_name=_("Area"))
    unit = models.ForeignKey(
        "org.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Acts for unit")
    )
    contact = models.CharField(_("Whom to call"), max_length=200, blank=True)
    active = models.BooleanField(_("In use"), default=True)
    mapping = models.TextField(_("Field mapping"), blank=True)
    secret = EncryptedTextField(editable=False)
    former_secret = EncryptedTextField(editable=False)
    rotated_at = models.DateTimeField(null=True, editable=False)
    made_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("Partner system")
        verbose_name_plural = _("Partner systems")

    class Privacy:
        public = ()
        internal = ("id", "code", "name", "area", "unit", "active", "mapping", "rotated_at", "made_at")
        personal = ("contact",)
        sensitive = ("secret", "former_secret")

    def __str__(self) -> str:
        return self.name


class Token(models.Model):
    """A key of a partner, of which only the digest is kept. ``rate`` is in calls a minute, ``burst`` at once.

    ``networks`` are the addresses it may be used from, in the form ``203.0.113.0/24``; none means anywhere.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="tokens", verbose_name=_("Partner system")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    label = models.CharField(_("Label"), max_length=60)
    scopes = ArrayField(models.CharField(max_length=20), verbose_name=_("Scopes"))
    rate = models.PositiveIntegerField(_("Calls a minute"), default=RATE)
    burst = models.PositiveIntegerField(_("Calls at once"), default=BURST)
    networks = ArrayField(models.CharField(max_length=50), default=list, blank=True, verbose_name=_("Networks"))
    made_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(_("Expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("Revoked"), null=True, blank=True, editable=False)
    last_used_on = models.DateField(_("Last used"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Token")
        verbose_name_plural = _("Tokens")

    class Privacy:
        public = ()
        internal = (
            "id",
            "partner",
            "label",
            "scopes",
            "rate",
            "burst",
            "networks",
            "made_at",
            "expires_at",
            "revoked_at",
            "last_used_on",
        )
        personal = ()
        sensitive = ("digest",)

    def __str__(self) -> str:
        return self.label


class Bucket(models.Model):
    """How often a token or partner called: see :mod:`minqing.core.rate_limit`. The table is UNLOGGED."""

    key = models.CharField(max_length=60, primary_key=True)
    full_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["full_at"])]

    class Privacy:
        public = ()
        internal = ("key", "full_at")
        personal = ()
        sensitive = ()
