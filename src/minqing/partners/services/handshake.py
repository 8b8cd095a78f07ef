"""Asking a receiver first whether it wants to be sent events: the handshake of CloudEvents' web hooks.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md, section 4. A receiver that knows nothing of
it is sent events all the same: the operator agreed with the partner by hand.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction

from minqing.core.actor import Actor
from minqing.core.ssrf_guard import AddressRefused, Answer, Guard, NotSent, send
from minqing.journal.services import Json, record
from minqing.partners import rules
from minqing.partners.models import Endpoint
from minqing.partners.queries.hooks import own_guard, own_host

ORIGIN_HEADER: Final = "WebHook-Request-Origin"


def ask_welcome(*, endpoint: Endpoint, by: Actor, guard: Guard | None = None) -> bool:
    """Ask, and keep how many a minute the receiver takes; whether it said that it wants them. Call it outside any
    transaction."""
    rules.may_manage(by).require()
    headers = {ORIGIN_HEADER: own_host(), "WebHook-Request-Rate": str(rules.RATE)}
    try:
        answer = send("OPTIONS", endpoint.url, body=b"", headers=headers, guard=guard or own_guard())
    except (NotSent, AddressRefused):
        return False
    welcome = answer.headers.get("webhook-allowed-origin", "") in {"*", own_host()}
    with transaction.atomic():
        rate = rate_in(answer) if welcome else None
        Endpoint.objects.filter(pk=endpoint.pk).update(rate=rate)
        data: dict[str, Json] = {"partner": str(endpoint.partner_id), "welcome": welcome, "rate": rate}
        record(type="partners.endpoint.asked", subject=f"endpoint:{endpoint.id}", by=by, data=data)
    return welcome


def rate_in(answer: Answer) -> int | None:
    """A minute's requests; None for as many as there are (``*``) and for what cannot be read."""
    text = answer.headers.get("webhook-allowed-rate", "").strip()
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) > 0 else None
