"""One that cannot be read, sent or taken over: it is settled with a reason, and the others go on."""

from __future__ import annotations

import pytest
from django.db import transaction

from minqing.core.errors import Conflict
from minqing.core.ids import new_id
from minqing.partners.formats.events import Envelope
from minqing.partners.models import Delivery, Endpoint, Inbound
from minqing.partners.queries.hooks import failing_endpoints, unreadable_secrets
from minqing.partners.queries.inbound import inbox_actor
from minqing.partners.services import replay_all, rotate_secret, send_due, take_over_due
from minqing.partners.services.receiving import replay_event
from minqing.privacy.access import transaction_as
from tests.cast import Cast
from tests.partners.conftest import GUARD, SYSTEM, UNREADABLE, endpoint_of, partner_of
from tests.partners.receiver import Receiver
from tests.partners.test_hooks import queued, report, send

pytestmark = pytest.mark.fault(84)


def test_secrets_that_cannot_be_decrypted_settle_their_rows_and_stop_nobody(hooked: Cast, receiver: Receiver) -> None:
    """More of them than the round has threads."""
    with transaction.atomic():
        bad = partner_of(hooked, "bad")
        for number in range(9):
            endpoint_of(bad, f"{receiver.url}/bad{number}")
    Endpoint.objects.filter(partner=bad).update(secret=UNREADABLE)
    report(hooked)
    assert len(queued()) == 10
    assert send_due(guard=GUARD, threads=8) == 10
    told = {(row.endpoint.partner.code, row.state, row.error) for row in queued()}
    assert told == {("hotline", "delivered", ""), ("bad", "retrying", "secret_unreadable")}
    assert len(receiver.calls) == 1
    # it is named to the operator once it has failed three times, and goes out when the key is there again
    Delivery.objects.filter(endpoint__partner=bad).update(tries=3)
    assert {why for _endpoint, why in failing_endpoints()} == {"secret_unreadable"}
    for one in Endpoint.objects.filter(partner=bad):
        one.secret = "whsec_" + "A" * 32
        one.save(update_fields=["secret"])
    Delivery.objects.filter(endpoint__partner=bad).update(next_at="2020-01-01T00:00:00Z")
    assert send() == 9
    assert {row.state for row in queued()} == {"delivered"}


def test_a_new_secret_is_given_where_the_present_one_cannot_be_read(hooked: Cast, receiver: Receiver) -> None:
    Endpoint.objects.update(secret=UNREADABLE)
    assert unreadable_secrets() == ["hotline"]
    with transaction.atomic():
        kept = rotate_secret(endpoint=Endpoint.objects.get(), by=SYSTEM)
    assert (kept.former_secret, unreadable_secrets()) == ("", [])
    report(hooked)
    assert len(queued()) == 1
    assert send() == 1


def test_any_other_fault_of_ours_settles_the_row_too(hooked: Cast, receiver: Receiver) -> None:
    report(hooked)
    queued()
    # what no constraint forbids and no socket takes
    Endpoint.objects.update(url="https://[broken")
    assert send_due(guard=GUARD, threads=2) == 1
    (row,) = queued()
    assert row.state == "retrying"
    assert row.error


def inbound(partner: object, cast: Cast, name: str, *, state: str, raw: str) -> Inbound:
    row = Inbound(
        id=new_id(), partner=partner, area=cast.town, event=name, source="s", type="t", state=state, raw=raw,
        received_at="2026-10-12T04:00:00Z", next_at="2026-10-12T04:00:00Z", content=b"c",
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def test_what_came_in_and_cannot_be_decrypted_waits_with_a_reason_and_holds_up_nothing(hooked: Cast) -> None:
    with transaction_as(inbox_actor()):
        partner = partner_of(hooked, "brain", area=hooked.city, unit=None)
        waits, dead, fine = (
            inbound(partner, hooked, name, state=state, raw=Envelope(b"{}").dump())
            for name, state in (("a", "received"), ("b", "dead"), ("c", "dead"))
        )
        Inbound.objects.filter(pk__in=[waits.pk, dead.pk]).update(raw=UNREADABLE)
    take_over_due()
    with transaction_as(inbox_actor()):
        row = Inbound.objects.get(pk=waits.pk)
        assert (row.state, row.code, row.tries) == ("dead", "fault", 1), "its patience was over"
    with pytest.raises(Conflict) as refused:
        replay_event(event_id=dead.pk, by=SYSTEM)
    assert refused.value.code == "cannot_decrypt"
    # all of a partner at once: what cannot be read stays, what can goes on
    assert replay_all(partner=partner, by=SYSTEM) == (0, 1)
    with transaction_as(inbox_actor()):
        states = dict(Inbound.objects.values_list("event", "state"))
    assert states == {"a": "dead", "b": "dead", "c": "received"}
    assert fine.pk
