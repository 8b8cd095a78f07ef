"""Where a partner is sent events: addresses and their secrets."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.core.ssrf_guard import Guard, check_url
from minqing.journal.services import record
from minqing.partners import rules
from minqing.partners.formats import signing
from minqing.partners.models import Endpoint, Partner
from minqing.partners.queries import own_guard
from minqing.partners.queries.hooks import secret_to_follow
from minqing.web.public_origin import may_link


@transaction.atomic
def save_endpoint(
    *,
    partner: Partner,
    url: str,
    types: Collection[str],
    by: Actor,
    active: bool = True,
    guard: Guard | None = None,
) -> Endpoint:
    """Send the partner events of ``types`` (``cn.minqing.matter.*``) at ``url`` from now on, or change that.

    A new endpoint has a new secret in ``endpoint.secret``. Raises AddressRefused for an address that must not be
    called, Refused where events could not say where they come from (``MINQING_ORIGIN``). One that was switched off
    because it was gone is switched on again by this.
    """
    rules.may_manage(by).require()
    if active:
        may_link().require()
    check_url(url, guard or own_guard())
    wrong = [one for one in types if not one.startswith(rules.EVENT_PREFIX)]
    if wrong or not types:
        raise Invalid("types", _("Types of events begin with cn.minqing."))
    made = {"secret": signing.new_secret(), "made_at": clock.now(), "types": list(types)}
    endpoint, new = Endpoint.objects.select_for_update().get_or_create(partner=partner, url=url, defaults=made)
    if not new or endpoint.active != active:
        endpoint.types, endpoint.active, endpoint.off_because = list(types), active, "" if active else "operator"
        endpoint.save(update_fields=["types", "active", "off_because"])
    record_endpoint_event(endpoint, "created" if new else "updated", by=by)
    return endpoint


@transaction.atomic
def rotate_secret(*, endpoint: Endpoint, by: Actor, at: datetime | None = None) -> Endpoint:
    """A new secret; for seven days messages are signed by the former one too, so that no message is refused."""
    rules.may_manage(by).require()
    locked = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    locked.former_secret, locked.secret = secret_to_follow(locked), signing.new_secret()
    locked.rotated_at = at or clock.now()
    locked.save(update_fields=["secret", "former_secret", "rotated_at"])
    record_endpoint_event(locked, "secret_changed", by=by)
    return locked


def record_endpoint_event(endpoint: Endpoint, verb: str, *, by: Actor) -> None:
    data = {"partner": str(endpoint.partner_id)}
    record(type=f"partners.endpoint.{verb}", subject=f"endpoint:{endpoint.id}", by=by, data=data)
