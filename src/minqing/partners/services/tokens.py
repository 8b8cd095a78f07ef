"""Partners and their tokens: who is let in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from ipaddress import ip_network
from typing import Any
from uuid import UUID

from django.core.validators import validate_slug
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock, rate_limit
from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.core.ids import digest, new_id, random_token
from minqing.core.limits import Limit
from minqing.journal.idempotency import sent_once
from minqing.journal.services import record
from minqing.partners import rules
from minqing.partners.formats.mapping import load_mapping
from minqing.partners.formats.signing import new_secret
from minqing.partners.kinds import SCOPES
from minqing.partners.models import Bucket, Partner, Token
from minqing.partners.queries.hooks import secret_to_follow

BUCKETS = "partners_bucket"
# tells what it is where it is found lying about
PREFIX = "mq_"
TOKEN_BITS = 160


@transaction.atomic
def register_partner(
    *,
    code: str,
    name: str,
    area: object,
    by: Actor,
    unit: object = None,
    contact: str = "",
    active: bool = True,
    mapping: str | None = None,
) -> Partner:
    """Make or change the partner ``code``. One that is switched off is let in no more and sent nothing.

    ``mapping`` (YAML, see :mod:`minqing.partners.formats.mapping`) stays as it is where it is None.
    """
    rules.may_manage(by).require()
    validate_slug(code)
    values = {"name": name, "area": area, "unit": unit, "contact": contact, "active": active}
    if mapping is not None:
        load_mapping(mapping)
        values["mapping"] = mapping
    partner, made = Partner.objects.select_for_update().get_or_create(
        code=code, defaults={**values, "made_at": clock.now()}
    )
    changed = sorted(name for name, value in values.items() if made or getattr(partner, name) != value)
    if changed:
        for field in changed:
            setattr(partner, field, values[field])
        partner.save()
        verb = "created" if made else "updated"
        record(type=f"partners.partner.{verb}", subject=f"partner:{partner.id}", by=by, data={"fields": [*changed]})
    return partner


@transaction.atomic
def give_secret(*, partner: Partner, by: Actor, at: datetime | None = None) -> str:
    """A new secret for what the partner sends, returned this once; the former one is taken for seven days more."""
    rules.may_manage(by).require()
    locked = Partner.objects.select_for_update().get(pk=partner.pk)
    locked.former_secret, locked.secret = secret_to_follow(locked), new_secret()
    locked.rotated_at = at or clock.now()
    locked.save(update_fields=["secret", "former_secret", "rotated_at"])
    record(type="partners.partner.secret_changed", subject=f"partner:{locked.id}", by=by)
    return locked.secret


@transaction.atomic
def issue_token(
    *,
    partner: Partner,
    label: str,
    scopes: Collection[str],
    by: Actor,
    rate: int = rules.RATE,
    burst: int = rules.BURST,
    expires_at: datetime | None = None,
    networks: Collection[str] = (),
    id: UUID | None = None,
) -> tuple[Token, str]:
    """A new token and its text, which is shown this once and kept nowhere: only its digest is.

    ``rate`` is in calls a minute; ``networks`` as ``203.0.113.0/24``. Raises Invalid for what cannot be.
    """
    rules.may_manage(by).require()
    if not scopes:
        raise Invalid("scopes", _("Choose at least one scope."))
    if not (0 < rate <= rules.MOST and 0 < burst <= rules.MOST):
        raise Invalid("rate", _("Rate and burst are between 1 and 6000."))
    text = PREFIX + random_token(TOKEN_BITS)
    token = Token.objects.create(
        id=id or new_id(),
        partner=partner,
        digest=digest(text),
        label=label[:60],
        scopes=sorted({SCOPES.of(scope).code for scope in scopes}),
        rate=rate,
        burst=burst,
        networks=[network(one) for one in networks],
        made_at=clock.now(),
        expires_at=expires_at,
    )
    data: dict[str, Any] = {"partner": str(partner.id), "scopes": [*token.scopes], "rate": rate, "burst": burst}
    record(type="partners.token.issued", subject=f"token:{token.id}", by=by, data=data)
    return token, text


def issued_before(given: Mapping[str, Any]) -> tuple[Token, str] | None:
    """The token that this very form made; its text was shown then and is kept nowhere."""
    token = Token.objects.filter(pk=given["id"]).first()
    return (token, "") if token else None


@sent_once(made=issued_before)
def issue_token_once(
    *,
    id: UUID,
    partner: Partner,
    label: str,
    scopes: Collection[str],
    by: Actor,
    expires_on: date | None = None,
    networks: Collection[str] = (),
) -> tuple[Token, str]:
    """As :func:`issue_token`, from a form that may be sent twice: the second time the text is empty.

    ``expires_on`` is the last day on which it is taken.
    """
    end = datetime.combine(expires_on + timedelta(days=1), time(), clock.SHANGHAI) if expires_on else None
    return issue_token(id=id, partner=partner, label=label, scopes=scopes, by=by, expires_at=end, networks=networks)


def network(text: str) -> str:
    try:
        return str(ip_network(text.strip()))
    except ValueError:
        raise Invalid("network", _("Write a network as 203.0.113.0/24 or a single address.")) from None


@transaction.atomic
def revoke_token(*, token: Token, by: Actor, at: datetime | None = None) -> Token:
    """From now on the token opens nothing. Doing it twice does it once."""
    rules.may_manage(by).require()
    locked = Token.objects.select_for_update().get(pk=token.pk)
    if locked.revoked_at is None:
        locked.revoked_at = at or clock.now()
        locked.save(update_fields=["revoked_at"])
        data = {"partner": str(locked.partner_id)}
        record(type="partners.token.revoked", subject=f"token:{locked.id}", by=by, data=data)
    return locked


def note_use(token: Token, *, on: date) -> None:
    """Remember the day, once a day; of two at the same moment the second finds nothing to do."""
    if token.last_used_on != on:
        Token.objects.filter(pk=token.pk).exclude(last_used_on=on).update(last_used_on=on)


def allow(limit: Limit, key: str, *, at: datetime | None = None) -> bool:
    """Take a drop from the bucket of ``key``, in one statement for all processes."""
    return rate_limit.allow(BUCKETS, key, limit, at=at)


def until_next(limit: Limit, key: str, *, at: datetime | None = None) -> timedelta:
    return rate_limit.until_next(BUCKETS, key, limit, at=at)


def sweep_buckets(*, at: datetime | None = None) -> int:
    """Forget the buckets that are full again."""
    return Bucket.objects.filter(full_at__lt=at or clock.now()).delete()[0]
