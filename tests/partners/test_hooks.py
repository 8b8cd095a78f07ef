"""Events go out: to whom, what they may know, and what happens when nobody is there."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from django.db import connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from minqing.core import clock
from minqing.core.errors import DomainError, Refused
from minqing.core.ids import new_id
from minqing.core.ssrf_guard import AddressRefused, Guard
from minqing.journal.canonical import canonical_time
from minqing.journal.models import Event
from minqing.journal.subscriptions import deliver_all
from minqing.matters.enums import Channel
from minqing.matters.services import accept_matter, assign_matter, finish_matter, note_progress, report_matter
from minqing.org.queries import system_actor
from minqing.partners import rules, services
from minqing.partners.enums import DUE, DeliveryState, Turn
from minqing.partners.formats import signing
from minqing.partners.lifecycle import DELIVERY
from minqing.partners.models import Delivery, Endpoint
from minqing.partners.queries import actor_of
from minqing.partners.queries.hooks import bodies_after, failing_endpoints, own_host
from minqing.partners.services.sending import claim, settle
from minqing.privacy.access import acting_as
from tests.cast import Cast, at
from tests.partners.conftest import GUARD, SYSTEM, endpoint_of, partner_of
from tests.partners.receiver import Receiver, always, receiving

NOON = at("2026-10-12 12:00")


def report(cast: Cast, area: Any = None, **values: Any) -> Any:
    given: dict[str, Any] = {
        "id": new_id(), "title": "CANARY-TITLE", "text": "CANARY-TEXT", "area_id": (area or cast.own).id,
        "channel": Channel.COUNTER, "reporter_name": "CANARY-NAME", "reporter_phone": "13800005555",
        "place": "CANARY-PLACE", "category_code": "road",
    }  # fmt: skip
    with transaction.atomic(), acting_as(system_actor("test")) as by:
        return report_matter(**given | values, by=by)


def queued() -> list[Delivery]:
    deliver_all()
    return list(Delivery.objects.select_related("endpoint__partner").order_by("sequence"))


def send(**values: Any) -> int:
    return services.send_due(**{"guard": GUARD, "threads": 1} | values)


def test_what_happens_to_a_matter_is_told_signed_and_once(hooked: Cast, receiver: Receiver) -> None:
    matter = report(hooked)
    deliver_all()
    assert send() == 1
    assert send() == 0
    (call,) = receiver.calls
    assert call.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    endpoint = Endpoint.objects.get()
    known = [endpoint.secret]
    event = Event.objects.get(type="matters.matter.received")
    assert signing.verify(known, given=call.headers, body=call.body, now=clock.now()) == str(event.id)
    told = json.loads(call.body)
    # as the standard's authors read it
    theirs = from_http_event(HTTPMessage(dict(call.headers), call.body))
    assert (theirs.get_id(), theirs.get_subject()) == (str(event.id), f"matter:{matter.pk}")
    assert theirs.get_data() == told["data"]
    assert (told["specversion"], told["id"], told["type"]) == ("1.0", str(event.id), "cn.minqing.matter.received")
    assert told["subject"] == f"matter:{matter.pk}"
    assert int(told["sequence"]) == event.seq
    assert told["data"] == {
        "id": str(matter.pk), "number": matter.number, "state": "received", "state_label": "收到",
        "mechanism": "immediate",
        "channel": "counter", "area": "V1", "unit": None, "category": "road",
        "received_at": told["time"], "due_at": canonical_time(matter.due_at), "finished_at": None, "closed_at": None,
    }  # fmt: skip
    # by when a unit is to have it, as the lists and the API say
    assert matter.due_at is not None
    (row,) = queued()
    assert (row.state, row.status, row.tries) == ("delivered", 204, 1)
    assert (row.settled_at is not None, row.error) == (True, "")


def test_no_name_text_place_or_number_of_a_person_leaves(hooked: Cast, receiver: Receiver) -> None:
    matter = report(hooked)
    with transaction.atomic(), acting_as(system_actor("test")) as by:
        assign_matter(id=new_id(), matter=matter, unit=hooked.bureau.id, due_days=5, by=by)
        accept_matter(id=new_id(), matter=matter, by=by, note="CANARY-NOTE")
        note_progress(id=new_id(), matter=matter, text="CANARY-STEP", by=by)
        finish_matter(id=new_id(), matter=matter, reply="CANARY-REPLY", by=by)
    deliver_all()
    assert send() == 5
    everything = b"".join(call.body + str(call.headers).encode() for call in receiver.calls)
    assert b"CANARY" not in everything
    assert b"13800005555" not in everything
    types = [json.loads(call.body)["type"].rpartition(".")[2] for call in receiver.calls]
    assert types == ["received", "assigned", "accepted", "noted", "finished"]
    assert json.loads(receiver.calls[-1].body)["data"]["unit"] == "U2"


def test_an_endpoint_is_told_of_its_areas_and_its_unit_alone(hooked: Cast, receiver: Receiver) -> None:
    with transaction.atomic():
        far = partner_of(hooked, "far", area=hooked.other_town, unit=None)
        endpoint_of(far, receiver.url + "/far")
        endpoint_of(partner_of(hooked, "brain", area=hooked.city, unit=None), receiver.url + "/all")
        endpoint_of(far, receiver.url + "/closed", "cn.minqing.matter.confirmed")
    report(hooked)
    elsewhere = report(hooked, hooked.far)
    with transaction.atomic(), acting_as(system_actor("test")) as by:
        assign_matter(id=new_id(), matter=elsewhere, unit=hooked.bureau.id, due_days=5, by=by)
    told = [(one.endpoint.partner.code, one.body["data"]["area"], one.type.rpartition(".")[2]) for one in queued()]
    assert sorted(told) == [
        ("brain", "V1", "received"), ("brain", "V3", "assigned"), ("brain", "V3", "received"),
        ("far", "V3", "assigned"), ("far", "V3", "received"),
        # not its town, but now its unit's
        ("hotline", "V1", "received"), ("hotline", "V3", "assigned"),
    ]  # fmt: skip


def test_of_a_confidential_matter_only_its_sender_and_its_unit_are_told(hooked: Cast, receiver: Receiver) -> None:
    with transaction.atomic():
        sender = partner_of(hooked, "women", name="妇联", unit=None)
        endpoint_of(sender, receiver.url + "/sender")
    hidden = report(hooked, confidential=True)
    with transaction.atomic():
        actor = actor_of(sender)
        report_matter(id=new_id(), title="家事", text="家事", area_id=hooked.own.id, channel=Channel.PARTNER,
                      confidential=True, by=actor)  # fmt: skip
    assert [(one.endpoint.partner.code, one.type.rpartition(".")[2]) for one in queued()] == [("women", "received")]
    with transaction.atomic(), acting_as(system_actor("test")) as by:
        assign_matter(id=new_id(), matter=hidden, unit=hooked.bureau.id, due_days=5, by=by)
    assert [(one.endpoint.partner.code, one.type.rpartition(".")[2]) for one in queued()][1:] == [
        ("hotline", "assigned")
    ]


def test_nothing_from_before_an_endpoint_was_there_is_sent_and_nothing_to_what_is_off(
    committed_cast: Cast, receiver: Receiver
) -> None:
    report(committed_cast)
    with transaction.atomic():
        partner = partner_of(committed_cast)
        endpoint = endpoint_of(partner, receiver.url)
    assert queued() == []
    report(committed_cast)
    assert len(queued()) == 1
    with transaction.atomic():
        partner_of(committed_cast, active=False)
    report(committed_cast)
    assert len(queued()) == 1
    assert send() == 0, "what was queued waits until the partner is let in again"
    with transaction.atomic():
        partner_of(committed_cast)
        services.save_endpoint(partner=partner, url=endpoint.url, types=endpoint.types, active=False, by=SYSTEM,
                               guard=GUARD)  # fmt: skip
    assert send() == 0


def test_a_failed_delivery_is_tried_again_and_again_and_then_laid_aside(hooked: Cast, receiver: Receiver) -> None:
    receiver.will(500)
    report(hooked)
    now = queued()[0].next_at
    begun = now
    waits = []
    for _n in range(len(rules.SCHEDULE)):
        assert send(at=now) == 1
        (row,) = queued()
        assert (row.state, row.status) == ("retrying", 500)
        waits.append(row.next_at - now)
        assert send(at=now) == 0
        now = row.next_at
    for wait, planned in zip(waits, rules.SCHEDULE, strict=True):
        assert planned <= wait <= planned * 1.1
    assert send(at=now) == 1
    (row,) = queued()
    assert (row.state, row.tries) == ("dead", len(rules.SCHEDULE) + 1)
    assert timedelta(days=3) < now - begun < timedelta(days=4)
    assert Event.objects.filter(type="partners.delivery.dead").get().data["status"] == 500
    assert len({call.headers["webhook-id"] for call in receiver.calls}) == 1, "one message, however often"
    assert len({call.body for call in receiver.calls}) == 1


def test_a_dead_delivery_is_replayed_by_the_operator(hooked: Cast, receiver: Receiver) -> None:
    receiver.will(500)
    report(hooked)
    (row,) = queued()
    Delivery.objects.update(tries=len(rules.SCHEDULE))
    send()
    row.refresh_from_db()
    assert row.state == DeliveryState.DEAD
    with pytest.raises(Refused), transaction.atomic():
        services.replay_delivery(delivery=row, by=hooked.actor("clerk"))
    receiver.will(200)
    for _n in range(2):
        assert services.replay_delivery(delivery=row, by=hooked.actor("operator")).state == DeliveryState.QUEUED
    assert Event.objects.filter(type="partners.delivery.replayed").count() == 1
    assert send() == 1
    row.refresh_from_db()
    assert (row.state, row.tries) == ("delivered", 1)
    assert services.forget_delivered(before=clock.now() + timedelta(days=1)) == 1


def test_what_waited_for_too_long_is_not_sent_but_laid_aside_and_replayed(hooked: Cast, receiver: Receiver) -> None:
    report(hooked)
    endpoint = queued()[0].endpoint
    now = clock.now()
    with transaction.atomic():
        services.save_endpoint(partner=endpoint.partner, url=endpoint.url, types=endpoint.types, active=False,
                               by=SYSTEM, guard=GUARD)  # fmt: skip
    just, later = now + timedelta(days=9), now + timedelta(days=11)
    assert send(at=just) == 0
    assert queued()[0].state == "queued", "it is not old yet"
    with transaction.atomic():
        endpoint_of(endpoint.partner, endpoint.url)
    assert send(at=later) == 0
    assert receiver.calls == []
    (row,) = queued()
    assert (row.state, row.error) == ("dead", "too_old")
    assert Event.objects.filter(type="partners.delivery.dead").count() == 1
    services.replay_delivery(delivery=row, by=SYSTEM, at=later)
    assert send(at=later) == 1
    assert (queued()[0].state, len(receiver.calls)) == ("delivered", 1)


def test_no_wait_between_two_tries_makes_a_delivery_too_old() -> None:
    longest = [rules.wait_after(n, chance=1.0, asked=timedelta(days=9)) for n in range(1, len(rules.SCHEDULE) + 1)]
    assert sum(filter(None, longest), timedelta()) < rules.OLDEST


@pytest.mark.fault(130)
def test_no_event_leaves_that_names_an_address_of_this_machine_alone(
    hooked: Cast, receiver: Receiver, settings: Any
) -> None:
    partner = Endpoint.objects.get().partner
    settings.ORIGIN = "http://127.0.0.1:8000"
    report(hooked)
    deliver_all()
    assert (send(), receiver.calls) == (1, [])
    (row,) = queued()
    assert (row.state, row.error) == ("retrying", "no_address")
    assert [why for _one, why in failing_endpoints()] == ["MINQING_ORIGIN"]
    with pytest.raises(Refused, match="no_address"):
        bodies_after(partner.pk, 0, most=10)
    with transaction.atomic(), pytest.raises(Refused, match="no_address"):
        endpoint_of(partner, receiver.url + "/new")
    settings.ORIGIN = "https://minqing.county.example"
    assert send(at=row.next_at) == 1
    (call,) = receiver.calls
    assert json.loads(call.body)["source"] == settings.ORIGIN
    assert [one["source"] for one in bodies_after(partner.pk, 0, most=10)] == [settings.ORIGIN]


def test_gone_switches_the_endpoint_off(hooked: Cast, receiver: Receiver) -> None:
    receiver.will(410)
    for _n in range(2):
        report(hooked)
    assert len(queued()) == 2
    assert send() == 1
    endpoint = Endpoint.objects.get()
    assert (endpoint.active, endpoint.off_because) == (False, "gone")
    assert [row.state for row in queued()] == ["dead", "queued"]
    assert Event.objects.filter(type="partners.endpoint.gone").count() == 1
    with pytest.raises(DomainError):
        services.replay_delivery(delivery=queued()[0], by=SYSTEM)
    receiver.will(200)
    with transaction.atomic():
        endpoint_of(endpoint.partner, endpoint.url)
    services.replay_delivery(delivery=queued()[0], by=SYSTEM)
    assert send() == 2


@pytest.mark.parametrize(
    ("status", "asked", "least"),
    [
        (429, "3600", timedelta(hours=1)),
        (503, "3600", timedelta(hours=1)),
        (429, "Mon, 12 Oct 2026 05:00:00 GMT", timedelta(hours=1)),
        (429, "99999999999999999999", timedelta(hours=24)),
        (429, "soon", timedelta(seconds=5)),
        (429, "-5", timedelta(seconds=5)),
        (500, "3600", timedelta(seconds=5)),
    ],
)
def test_what_the_other_side_asks_for_is_heeded(
    hooked: Cast, receiver: Receiver, status: int, asked: str, least: timedelta
) -> None:
    receiver.will(status, headers={"Retry-After": asked})
    report(hooked)
    queued()
    Delivery.objects.update(next_at=NOON)
    assert send(at=NOON) == 1
    (row,) = queued()
    assert least <= row.next_at - NOON <= least * 1.1


def test_who_asks_for_a_pause_is_sent_nothing_at_all_until_it_is_over(hooked: Cast, receiver: Receiver) -> None:
    """The pause is the receiver's, not that of the one event it refused."""
    receiver.will(429, headers={"Retry-After": "3600"})
    for _n in range(3):
        report(hooked)
    queued()
    Delivery.objects.update(next_at=NOON)
    assert [send(at=NOON), send(at=NOON + timedelta(minutes=59))] == [1, 0]
    receiver.will(204)
    assert send(at=NOON + timedelta(minutes=67)) == 3
    assert {row.state for row in queued()} == {"delivered"}


@pytest.mark.parametrize(
    ("answer", "welcome", "rate"),
    [
        ({"WebHook-Allowed-Origin": "*", "WebHook-Allowed-Rate": "12"}, True, 12),
        ({"WebHook-Allowed-Origin": "{own}", "WebHook-Allowed-Rate": "*"}, True, None),
        ({"WebHook-Allowed-Origin": "{own}", "WebHook-Allowed-Rate": "0"}, True, None),
        ({"WebHook-Allowed-Origin": "other.example", "WebHook-Allowed-Rate": "12"}, False, None),
        ({}, False, None),
    ],
)
def test_a_receiver_is_asked_whether_it_wants_events_and_how_many(
    hooked: Cast, receiver: Receiver, answer: dict[str, str], welcome: bool, rate: int | None
) -> None:
    receiver.welcome = {name: value.format(own=own_host()) for name, value in answer.items()}
    endpoint = Endpoint.objects.get()
    assert services.ask_welcome(endpoint=endpoint, by=SYSTEM, guard=GUARD) is welcome
    endpoint.refresh_from_db()
    assert endpoint.rate == rate
    (asked,) = receiver.asked
    assert (asked.headers["webhook-request-origin"], asked.headers["webhook-request-rate"]) == (own_host(), "60")
    for _n in range(4):
        report(hooked)
    queued()
    assert send() == (2 if rate else 4), "a round of ten seconds sends a sixth of what a minute may"
    assert {one.headers["webhook-request-origin"] for one in receiver.calls} == {own_host()}


def test_who_cannot_be_asked_is_no_reason_to_stop(hooked: Cast, receiver: Receiver) -> None:
    endpoint = Endpoint.objects.get()
    assert services.ask_welcome(endpoint=endpoint, by=SYSTEM, guard=Guard()) is False, "an address inside"
    Endpoint.objects.update(url="http://127.0.0.1:9/")
    endpoint.refresh_from_db()
    assert services.ask_welcome(endpoint=endpoint, by=SYSTEM, guard=GUARD) is False


def test_an_event_of_a_transaction_that_ended_late_is_fetched_too(hooked: Cast) -> None:
    """Its number is lower than one that was fetched before it."""
    endpoint = Endpoint.objects.get()
    with transaction.atomic():
        second = endpoint_of(endpoint.partner, "http://127.0.0.1:9/other")
    for sequence in (100, 103, 102):
        event = new_id()
        for one in (endpoint, second):
            Delivery.objects.create(
                endpoint=one, event=event, type="x", sequence=sequence, body={"sequence": sequence}, next_at=NOON,
                queued_at=NOON,
            )  # fmt: skip

    def fetched(after: int, most: int = 9) -> list[int]:
        return [body["sequence"] for body in bodies_after(endpoint.partner_id, after, most=most)]

    assert fetched(0) == [100, 103, 102]
    assert fetched(0, most=2) == [100, 103]
    assert (fetched(103), fetched(102), fetched(100)) == ([102], [], [103, 102])
    assert fetched(101) == [103, 102], "of a place that is forgotten, the number"


@pytest.mark.fault(42)
def test_a_name_that_turned_inwards_is_not_called_and_an_address_inside_is_not_kept(
    hooked: Cast, receiver: Receiver
) -> None:
    partner = partner_of(hooked)
    outside = Guard(resolver=always("93.184.216.34"))
    with transaction.atomic():
        Endpoint.objects.update(active=False)
        services.save_endpoint(
            partner=partner, url="https://hook.example/x", types=["cn.minqing.*"], by=SYSTEM, guard=outside
        )
    report(hooked)
    queued()
    assert send(guard=Guard(resolver=always("169.254.169.254"))) == 1
    (row,) = queued()
    assert (row.state, row.error, row.status) == ("retrying", "address_refused", None)
    for url in ("https://127.0.0.1/", "http://hook.example/", receiver.url):
        with pytest.raises(AddressRefused), transaction.atomic():
            services.save_endpoint(partner=partner, url=url, types=["cn.minqing.*"], by=SYSTEM)
    assert receiver.calls == []


def test_while_a_secret_is_changed_both_sign_and_after_a_week_the_new_one_alone(
    hooked: Cast, receiver: Receiver
) -> None:
    endpoint = Endpoint.objects.get()
    old = endpoint.secret
    with transaction.atomic():
        new = services.rotate_secret(endpoint=endpoint, by=SYSTEM).secret
    assert old != new
    report(hooked)
    queued()
    send()
    report(hooked)
    queued()
    later = clock.now() + rules.ROTATION
    send(at=later)
    first, second = receiver.calls
    for secret in (old, new):
        assert signing.verify([secret], given=first.headers, body=first.body, now=clock.now())
    assert len(second.headers["webhook-signature"].split()) == 1
    assert signing.verify([new], given=second.headers, body=second.body, now=later)
    assert old not in str(list(Event.objects.values())) + str(list(Endpoint.objects.values()))


def test_a_slow_endpoint_does_not_hold_up_the_others(hooked: Cast, receiver: Receiver) -> None:
    receiver.will(200, wait=3.0)
    with receiving() as quick:
        with transaction.atomic():
            endpoint_of(partner_of(hooked, "brain", area=hooked.city), quick.url)
        for _n in range(4):
            report(hooked)
        assert len(queued()) == 8
        impatient = Guard(networks=GUARD.networks, seconds=0.4)
        assert services.send_due(guard=impatient, threads=2) == 5, "the slow one once, the other all four"
        assert (len(receiver.calls), len(quick.calls)) == (1, 4)
    slow = [row for row in queued() if row.endpoint.partner.code == "hotline"]
    assert sorted(row.state for row in slow) == ["queued", "queued", "queued", "retrying"]
    assert {row.error for row in slow} == {"", "timeout"}


def send_in_a_thread(threads: int) -> None:
    """As a worker's process does, which takes its connection along when it ends."""
    try:
        services.send_due(guard=GUARD, threads=threads)
    finally:
        connections["default"].close()


def test_two_workers_never_deliver_one_row_at_once(hooked: Cast, receiver: Receiver) -> None:
    for n in range(6):
        with transaction.atomic():
            endpoint_of(partner_of(hooked, f"p{n}"), f"{receiver.url}/{n}")
    report(hooked)
    assert len(queued()) == 7
    receiver.will(200, wait=0.05)
    workers = [threading.Thread(target=send_in_a_thread, args=[3]) for _n in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(30)
    assert len(receiver.calls) == len({call.path for call in receiver.calls}) == 7
    assert {row.state for row in queued()} == {"delivered"}


def test_what_a_killed_worker_held_is_sent_by_the_next(hooked: Cast, receiver: Receiver) -> None:
    report(hooked)
    now = queued()[0].next_at
    assert claim(at=now, without=set()) is not None
    assert send(at=now) == 0, "somebody has it"
    assert send(at=now + timedelta(minutes=2)) == 1
    (row,) = queued()
    assert (row.state, row.tries) == ("delivered", 2)
    assert settle(row.pk, None, "timeout", at=now) is DeliveryState.DELIVERED, "the dead one's word comes too late"


def test_no_transaction_is_open_while_a_partner_is_called(hooked: Cast, receiver: Receiver) -> None:
    """It would hold back the journal's subscribers and seals."""
    receiver.will(200, wait=2.0)
    report(hooked)
    queued()
    worker = threading.Thread(target=send_in_a_thread, args=[2])
    worker.start()
    open_ones = 1
    while open_ones and worker.is_alive():
        time.sleep(0.02)
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND state LIKE 'idle in transaction%'"
            )
            open_ones = cursor.fetchone()[0] or not receiver.calls
    assert worker.is_alive(), "seen while the partner had not answered yet"
    worker.join(10)


@given(tries=st.integers(1, 30), chance=st.floats(0, 1), asked=st.none() | st.timedeltas(timedelta(), timedelta(9)))
def test_waits_grow_and_end(tries: int, chance: float, asked: timedelta | None) -> None:
    wait = rules.wait_after(tries, chance=chance, asked=asked)
    assert (wait is None) == (tries > len(rules.SCHEDULE))
    if wait is not None:
        assert rules.SCHEDULE[tries - 1] <= wait <= rules.LONGEST_WAIT * 1.1
    assert list(rules.SCHEDULE) == sorted(rules.SCHEDULE)


def test_the_life_of_a_delivery_has_no_dead_end_but_arrival() -> None:
    for state in DeliveryState:
        moves = [turn for turn in Turn if DELIVERY.target(state, turn)]
        assert bool(moves) == (state is not DeliveryState.DELIVERED)
    assert {state for state in DeliveryState if DELIVERY.target(state, Turn.TAKE)} == DUE
    assert "dead --> queued: replay" in DELIVERY.diagram()
