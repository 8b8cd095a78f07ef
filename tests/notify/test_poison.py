"""A message that cannot be read is settled with a reason, and the others go out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from minqing.notify.enums import Channel, State
from minqing.notify.models import Address, Outgoing
from minqing.notify.queries import job
from minqing.notify.rules import MOST_TRIES, Outside
from minqing.notify.services import deliver_due
from minqing.privacy.access import transaction_as
from minqing.privacy.fields import Sealed
from tests.notify.conftest import ANSWERED, NOON, outbox, tell
from tests.notify.gateway import Gateway

pytestmark = [pytest.mark.django_db, pytest.mark.fault(84)]
UNREADABLE = Sealed(b"\x01??" + b"0" * 40)


@pytest.mark.parametrize("what", ["address", "link", "account"])
def test_one_that_cannot_be_decrypted_is_retried_then_parked_and_stops_nobody(
    what: str, reach: Callable[..., UUID], sms: Gateway
) -> None:
    bad, good = reach(Channel.SMS), reach(Channel.SMS, "13900000000", role="clerk")
    if what == "account":
        tell(bad)
        with transaction_as(job()):
            Address.objects.filter(account=bad).update(address=UNREADABLE)
    else:
        tell(Outside(Channel.SMS, "13811112222"), ANSWERED, link="/m/abc")
        with transaction_as(job()):
            Outgoing.objects.update(**{what: UNREADABLE})
    tell(good, at=NOON + timedelta(seconds=1))
    deliver_due(at=NOON + timedelta(minutes=1))
    first, second = outbox()
    assert (first.state, first.error, first.tries) == (State.FAILED, "not_readable", 1)
    assert first.next_at > NOON + timedelta(minutes=1)
    assert second.state == State.SENT
    with transaction_as(job()):
        Outgoing.objects.filter(pk=first.pk).update(tries=MOST_TRIES - 1)
    deliver_due(at=NOON + timedelta(days=1))
    assert (outbox()[0].state, outbox()[0].error) == (State.PARKED, "not_readable")
