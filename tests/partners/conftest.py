"""Partners of the fixed cast, and their receivers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from minqing.core.actor import Actor
from minqing.core.ssrf_guard import Guard
from minqing.journal.subscriptions import deliver_all
from minqing.partners.models import Endpoint, Partner
from minqing.partners.services import register_partner, save_endpoint
from minqing.privacy.fields import Sealed
from tests.cast import Cast
from tests.partners.receiver import Receiver, receiving

SYSTEM = Actor.system("test")
GUARD = Guard.of(["127.0.0.1/32"])

# of a key that is not in the ring
UNREADABLE = Sealed(b"\x01??" + b"0" * 40)


def partner_of(cast: Cast, code: str = "hotline", **values: Any) -> Partner:
    given = {"name": "12345热线", "area": cast.town, "unit": cast.bureau} | values
    return register_partner(code=code, by=SYSTEM, **given)


def endpoint_of(partner: Partner, url: str, *types: str) -> Endpoint:
    return save_endpoint(partner=partner, url=url, types=types or ["cn.minqing.matter.*"], by=SYSTEM, guard=GUARD)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def hooked(committed_cast: Cast, receiver: Receiver) -> Cast:
    """The cast with a hotline that is sent what happens to matters of the town, committed."""
    with transaction.atomic():
        endpoint_of(partner_of(committed_cast), receiver.url)
    deliver_all()
    return committed_cast
