"""The gate for other systems: whose token it is, what it opens, and how often.

Identifying writes (the bucket, once a day the day of use), so it happens in a short transaction of its own before
that of the page: a page that only reads stays read only, and nobody waits for another's call.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import DomainError, NotFound
from minqing.core.limits import Limit
from minqing.org.signin import client_address
from minqing.partners import rules, services
from minqing.partners.enums import EVENTS_SEND
from minqing.partners.formats.signing import Unsigned, verify
from minqing.partners.models import Partner, Token
from minqing.partners.queries import actor_of, partner_by_code, partner_by_id, token_of
from minqing.partners.queries.hooks import secrets_of
from minqing.partners.queries.inbound import outside_number
from minqing.privacy.seal import CannotDecrypt

UNKNOWN = _("This token opens nothing here. Ask the operator for a new one.")
UNSIGNED: Final = {
    "not_signed": _("Sign the message, or send a token with it."),
    "wrong_clock": _("The message's time is more than five minutes off. Set the clock, and sign it anew."),
    "wrong_signature": _("The signature does not fit the message and the secret."),
}
UNREADABLE: Final = _("Your secret cannot be read here at present. Send it again later; the operator is told.")
TOO_OFTEN = _("That was too often. Wait, and then go on.")


@transaction.atomic
def identify(token: str, *, address: str, at: datetime | None = None) -> Actor:
    """The partner whose token this is, as an actor with its areas, unit and scopes.

    Two statements and the bucket. Raises DomainError ``token_unknown`` or ``token_revoked`` (401, one sentence for
    both; revoked stands for expired and for a partner switched off too), ``address_refused`` (403), ``rate_limited``
    (429 with ``retry_after`` seconds in its data). Call it outside the page's own transaction.
    """
    now = at or clock.now()
    found = token_of(token)
    if found is None:
        raise DomainError("token_unknown", UNKNOWN, http_status=401)
    check(found, address=address, now=now)
    limit_calls(rules.limit_of(found.rate, found.burst), f"token:{found.id}", at=at)
    services.note_use(found, on=clock.local_date(now))
    return actor_of(found.partner, scopes=found.scopes)


def check(token: Token, *, address: str, now: datetime) -> None:
    held = rules.in_force(expires_at=token.expires_at, revoked_at=token.revoked_at, now=now)
    if not held or not token.partner.active:
        raise DomainError("token_revoked", UNKNOWN, http_status=401)
    rules.may_come_from(address, token.networks).require()


def limit_calls(limit: Limit, key: str, *, at: datetime | None) -> None:
    """Take a drop, or raise ``rate_limited`` (429) with the seconds to wait."""
    if not services.allow(limit, key, at=at):
        wait = math.ceil(services.until_next(limit, key, at=at).total_seconds())
        raise DomainError("rate_limited", TOO_OFTEN, http_status=429, retry_after=max(wait, 1))


def require_scope(actor: Actor, scope: str) -> None:
    """Refused (403, ``scope_missing``) unless the actor's token opens ``scope``."""
    rules.has_scope(actor, scope).require()


def bearer(request: HttpRequest) -> str:
    """The token in ``Authorization: Bearer …``, empty when there is none."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


def shown_token(request: HttpRequest) -> str:
    """As :func:`bearer`, else ``?access_token=``: a target of CloudEvents' web hooks must take both.

    https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md, section 3; the log writes no query.
    """
    return bearer(request) or request.GET.get("access_token", "")


def identify_signed(
    code: str, *, headers: Mapping[str, str], body: bytes, at: datetime | None = None
) -> tuple[Partner, Actor]:
    """The partner ``code`` whose signature the message carries (Standard Webhooks), as one who sends events.

    Raises DomainError ``not_signed``, ``wrong_clock`` or ``wrong_signature`` (401; an unknown partner is a wrong
    signature), ``secret_unreadable`` (503: it is ours to mend, and the sender tries again), ``rate_limited`` (429).
    """
    now = at or clock.now()
    with transaction.atomic():
        partner = partner_by_code(code)
        try:
            known = secrets_of(partner, at=now) if partner and partner.active else []
        except CannotDecrypt:
            raise DomainError("secret_unreadable", UNREADABLE, http_status=503) from None
        try:
            verify(known, given=headers, body=body, now=now)
        except Unsigned as failed:
            # a sender finds out by how much its clock is off
            data = {"now": now.isoformat(timespec="seconds")} if failed.code == "wrong_clock" else {}
            raise DomainError(failed.code, UNSIGNED[failed.code], http_status=401, **data) from None
        assert partner is not None  # noqa: S101  # without one there is no secret
        limit_calls(rules.SIGNED, f"partner:{partner.id}", at=at)
        return partner, actor_of(partner, scopes=[EVENTS_SEND])


def identify_sender(request: HttpRequest, body: bytes, *, code: str) -> tuple[Partner, Actor]:
    """Who sends an event: by bearer token of scope ``events:send``, else by the signature of the partner ``code``.

    A token of one partner does not open the inbox of another: that inbox is not there for it.
    """
    text = shown_token(request)
    if not text:
        return identify_signed(code, headers=request.headers, body=body)
    actor = identify(text, address=client_address(request))
    require_scope(actor, EVENTS_SEND)
    partner = partner_by_id(actor.id)
    if partner is None or (code and code != partner.code):
        raise NotFound()
    return partner, actor


class Calling:
    """The partner whose token a call of the API carries; asked for once it is needed."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.actor: Actor | None = None

    def identify(self) -> Actor:
        self.actor = identify(bearer(self.request), address=client_address(self.request))
        return self.actor

    def outside_number(self, number: str) -> str:
        partner = partner_by_id(self.actor.id) if self.actor else None
        assert partner is not None  # noqa: S101  # identified before
        return outside_number(partner, number)
