"""Workers that meet, die or fall on a message that cannot work: nothing is lost and nothing is sent twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from minqing.journal.models import Event
from minqing.notify.enums import Channel
from minqing.notify.kinds import KINDS, TEST
from minqing.notify.models import Notice, Outgoing
from minqing.notify.queries import job
from minqing.notify.rules import LEASE, MOST_TRIES, Outside
from minqing.notify.services import deliver_due, drop_parked, retry_parked, save_address
from minqing.notify.services import results as outcomes_module
from minqing.notify.services.delivering import Taken, claim
from minqing.notify.services.results import Outcome, settle
from minqing.org.queries import system_actor
from minqing.privacy.access import transaction_as
from tests.cast import Cast, at
from tests.embedded import ROOT
from tests.notify.conftest import ANSWERED, ASSIGNED, NOON, RESCUE, outbox, states, tell
from tests.notify.gateway import Gateway, Reply, Request
from tests.notify.post_office import open_for_mail
from tests.processes import ending, until
from tests.reporting.test_together import at_once

Reach = Callable[..., UUID]
# another process knows it too
KNOWN = KINDS.of(TEST)


def reachable(cast: Cast, role: str = "cadre", phone: str = "13812345678") -> UUID:
    account = cast.account(role).id
    save_address(account=account, channel=Channel.SMS, address=phone, by=system_actor("test"))
    return account


def event_types() -> list[str]:
    return list(
        Event.objects.filter(type__startswith="notify.message").order_by("at", "id").values_list("type", flat=True)
    )


@pytest.mark.fault(46)
def test_many_workers_at_once_send_each_message_once(committed_cast: Cast, sms: Gateway) -> None:
    account = reachable(committed_cast)
    for _n in range(12):
        tell(account)
    sms.answer = lambda request: Reply(body={"id": "1"}, wait=0.05)
    results = at_once(4, lambda: deliver_due(at=NOON).sent)
    assert sum(results) == 12
    keys = [request.headers["idempotency-key"] for request in sms.seen]
    assert (len(keys), len(set(keys))) == (12, 12)
    assert states() == ["sent"] * 12
    assert event_types() == ["notify.message.sent"] * 12


@pytest.mark.fault(46)
def test_the_same_notice_from_many_connections_is_queued_once(committed_cast: Cast, sms: Gateway) -> None:
    from minqing.core.ids import new_id

    account, id = reachable(committed_cast), new_id()
    results = at_once(4, lambda: tell(account, id=id).again)
    assert sorted(map(str, results)) == ["False", "True", "True", "True"]
    assert len(outbox()) == 1
    assert Event.objects.filter(type="notify.notice.sent").count() == 1


@pytest.mark.fault(46)
def test_somebody_outside_is_told_once_from_many_connections(committed_cast: Cast, sms: Gateway) -> None:
    from minqing.core.ids import new_id

    id = new_id()
    results = at_once(4, lambda: tell(Outside(Channel.SMS, "13987654321"), ANSWERED, id=id).again)
    assert sorted(map(str, results)) == ["False", "True", "True", "True"]
    assert len(outbox()) == 1


def killed_while_sending(gateway: Gateway, **values: Any) -> None:
    """A worker of its own takes the one message and is killed while the gateway holds its answer back."""
    gateway.answer = lambda request: Reply(body={"id": "1"}, wait=30)
    asked = {"sms": "json", "sms_url": f"{gateway.url}/sms", "sms_token": "t"} | values
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    command = [sys.executable, str(Path(__file__).with_name("worker.py")), json.dumps(asked)]
    with ending(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)) as worker:
        until(lambda: gateway.seen or worker.poll() is not None)
        assert worker.poll() is None
    assert states() == ["sending"]


@pytest.mark.slow
@pytest.mark.fault(46)
def test_after_a_killed_worker_no_text_message_is_sent_twice(committed_cast: Cast, sms: Gateway) -> None:
    from minqing.core import clock

    tell(reachable(committed_cast), KNOWN, at=clock.now())
    killed_while_sending(sms)
    sms.answer = lambda request: Reply(body={"id": "2"})
    assert deliver_due(at=clock.now()).sent == 0, "another worker leaves it alone while the lease lasts"
    assert states() == ["sending"]
    assert deliver_due(at=clock.now() + LEASE).sent == 0
    (row,) = outbox()
    assert (row.state, row.error, len(sms.seen)) == ("parked", "outcome_unknown", 1)
    with transaction_as(job()):
        assert Notice.objects.count() == 1, "the notice in the app stands"
    # somebody has looked: that it may arrive twice is their decision
    assert retry_parked(by=system_actor("test")) == 1
    assert deliver_due().sent == 1
    assert len(sms.seen) == 2


@pytest.mark.slow
@pytest.mark.fault(46)
def test_after_a_killed_worker_a_gateway_that_knows_the_key_is_asked_again(
    committed_cast: Cast, sms: Gateway, settings: Any
) -> None:
    from minqing.core import clock

    settings.NOTIFY = settings.NOTIFY | {"sms_repeats_safely": True}
    tell(reachable(committed_cast), KNOWN, at=clock.now())
    killed_while_sending(sms, sms_repeats_safely=True)
    sms.answer = lambda request: Reply(body={"id": "2"})
    later = clock.now() + LEASE
    assert deliver_due(at=later).counts["lost"] == 1
    assert deliver_due(at=later + LEASE).sent == 1
    keys = [request.headers["idempotency-key"] for request in sms.seen]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def held(row_at: Any = NOON) -> Taken:
    taken = claim([Channel.SMS], at=row_at)
    assert isinstance(taken, Taken)
    return taken


@pytest.mark.fault(46)
def test_a_worker_that_comes_back_after_its_lease_tells_the_truth_and_no_more(cast: Cast, sms: Gateway) -> None:
    tell(reachable(cast))
    taken = held()
    assert deliver_due(at=NOON + 2 * LEASE).counts["lost"] == 1
    failed, sent = Outcome(outcomes_module.Move.FAIL, "x"), Outcome(outcomes_module.Move.SEND, provider_id="late")
    assert not settle(taken.id, taken.tries, failed, at=NOON + 2 * LEASE)
    assert settle(taken.id, taken.tries, sent, at=NOON + 2 * LEASE), "it did arrive"
    assert not settle(taken.id, taken.tries, sent, at=NOON + 2 * LEASE)
    (row,) = outbox()
    assert (row.state, row.provider_id) == ("sent", "late")


@pytest.mark.fault(46)
def test_a_late_answer_about_an_earlier_try_changes_nothing(cast: Cast, sms: Gateway) -> None:
    tell(reachable(cast))
    first = held()
    deliver_due(at=NOON + 2 * LEASE)
    retry_parked(by=system_actor("test"), at=NOON + 2 * LEASE)
    second = held(NOON + 2 * LEASE)
    assert first.id == second.id
    assert not settle(first.id, 2, Outcome(outcomes_module.Move.SEND), at=NOON + 2 * LEASE)
    assert settle(second.id, second.tries, Outcome(outcomes_module.Move.SEND), at=NOON + 2 * LEASE)


@pytest.mark.fault(63)
@pytest.mark.parametrize(
    ("reply", "error"), [(Reply(429), "answer_429"), (Reply(503, b"x"), "answer_503"), (Reply(401), "answer_401")]
)
def test_while_a_gateway_is_down_messages_wait_and_then_go(cast: Cast, sms: Gateway, reply: Reply, error: str) -> None:
    account = reachable(cast)
    tell(account)
    sms.answer = lambda request: reply
    assert deliver_due(at=NOON).sent == 0
    (row,) = outbox()
    assert (row.state, row.error, row.tries) == ("failed", error, 1)
    assert row.next_at > NOON
    with transaction_as(job()):
        assert Notice.objects.filter(account=account, read_at=None).count() == 1
    assert deliver_due(at=NOON).sent == 0, "not before its time"
    assert len(sms.seen) == 1
    sms.answer = lambda request: Reply(body={"id": "1"})
    assert deliver_due(at=row.next_at).sent == 1
    assert event_types() == ["notify.message.failed", "notify.message.sent"]


@pytest.mark.fault(63)
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.WECHAT])
def test_while_mail_or_wechat_is_down_the_notice_stands_in_the_app_and_goes_out_when_it_is_back(
    cast: Cast, gateway: Gateway, settings: Any, channel: Channel
) -> None:
    settings.NOTIFY = settings.NOTIFY | {
        "wechat_app_id": "wx", "wechat_app_secret": "s", "wechat_url": gateway.url,
        "wechat_templates": {"tests.assigned": {"id": "T", "data": {"thing1": "title"}}},
    }  # fmt: skip
    with open_for_mail() as office:
        settings.NOTIFY |= {
            "smtp_host": "127.0.0.1", "smtp_port": office.port, "smtp_security": "none", "mail_from": "a@b.cn",
        }  # fmt: skip
        office.to_recipient = "451 try later"
        gateway.answer = lambda request: Reply(503)
        account = cast.account("cadre").id
        to = {Channel.EMAIL: "wang@example.cn", Channel.WECHAT: "openid-1"}[channel]
        save_address(account=account, channel=channel, address=to, by=system_actor("test"))
        assert tell(account, ASSIGNED).channels == (channel,)
        assert deliver_due(at=NOON).sent == 0
        (row,) = outbox()
        assert (row.state, row.tries) == ("failed", 1)
        with transaction_as(job()):
            assert Notice.objects.filter(account=account, read_at=None).count() == 1
        office.to_recipient = "250 ok"
        token = {"access_token": "T1", "expires_in": 7200}
        gateway.answer = lambda request: Reply(body=token if "token" in request.path else {"errcode": 0, "msgid": 99})
        assert deliver_due(at=row.next_at).sent == 1
        assert states() == ["sent"]


@pytest.mark.fault(63)
@pytest.mark.parametrize(
    "reply",
    [Reply(wait=3), Reply(drop=True), Reply(500), Reply(504), Reply(200, b"<html>")],
    ids=["slow", "drop", "500", "504", "html"],
)
def test_a_text_message_that_may_have_arrived_is_not_sent_again(
    cast: Cast, sms: Gateway, reply: Reply, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("minqing.notify.carriers.http.ANSWER_SECONDS", 0.4)
    tell(reachable(cast))
    sms.answer = lambda request: reply
    deliver_due(at=NOON)
    (row,) = outbox()
    assert (row.state, row.error) == ("parked", "outcome_unknown")
    assert deliver_due(at=at("2026-11-22 12:00")).sent == 0
    assert len(sms.seen) == 1


@pytest.mark.fault(63)
def test_a_carrier_that_is_down_rests_and_the_others_go_on(cast: Cast, sms: Gateway, settings: Any) -> None:
    from tests.browser.server import free_port

    settings.NOTIFY = settings.NOTIFY | {"smtp_host": "127.0.0.1", "smtp_port": free_port(), "smtp_security": "none",
                                         "mail_from": "a@b.cn"}  # fmt: skip
    account = reachable(cast)
    save_address(account=account, channel=Channel.EMAIL, address="wang@example.cn", by=system_actor("test"))
    for _n in range(6):
        tell(account)
    done = deliver_due(at=NOON)
    assert (done.sent, done.counts["fail"]) == (6, 3)
    assert [row.tries for row in outbox(channel="email")].count(0) == 3


@pytest.mark.fault(47)
def test_a_message_that_always_fails_is_parked_and_the_others_go_on(cast: Cast, sms: Gateway) -> None:
    tell(reachable(cast, "cadre", "13800000001"))
    sms.answer = lambda request: Reply(503) if request.json["to"] == "13800000001" else Reply(body={"id": "1"})
    now = NOON
    for turn in range(1, MOST_TRIES + 1):
        tell(reachable(cast, "clerk", "13800000002"), at=now)
        assert deliver_due(at=now).sent == 1
        (poison,) = outbox(account=cast.account("cadre").id)
        assert poison.tries == turn
        now = max(poison.next_at, now)
    assert (poison.state, poison.error) == ("parked", "answer_503")
    assert deliver_due(at=now).sent == 0
    assert Event.objects.filter(type="notify.message.parked").count() == 1
    assert drop_parked(ids=[poison.pk], by=system_actor("test"), at=now) == 1
    assert outbox(account=cast.account("cadre").id)[0].state == "dropped"


@pytest.mark.fault(47)
def test_a_message_that_cannot_be_written_is_parked_and_the_others_go_on(cast: Cast, sms: Gateway) -> None:
    account = reachable(cast)
    tell(account)
    tell(account)
    with transaction_as(job()):
        first = Outgoing.objects.order_by("id").first()
        assert first is not None
        Outgoing.objects.filter(pk=first.pk).update(kind="tests.gone", tries=MOST_TRIES - 1)
    assert deliver_due(at=NOON).sent == 1
    assert sorted(states()) == ["parked", "sent"]
    assert outbox(state="parked")[0].error == "not_written"


@pytest.mark.fault(47)
def test_a_carrier_that_breaks_is_one_message_s_trouble(
    cast: Cast, sms: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something in a carrier that nobody thought of, after the request may have gone."""
    tell(reachable(cast))
    sms.answer = lambda request: Reply(body={"id": "1"})
    monkeypatch.setattr("minqing.notify.carriers.http.MOST_BYTES", None)
    deliver_due(at=NOON)
    (row,) = outbox()
    assert (row.state, row.error) == ("parked", "outcome_unknown")


def test_a_number_that_does_not_exist_is_parked_at_once(cast: Cast, sms: Gateway) -> None:
    tell(reachable(cast))
    sms.answer = lambda request: Reply(body={"code": "bad_number"})
    deliver_due(at=NOON)
    (row,) = outbox()
    assert (row.state, row.error, row.tries) == ("parked", "sms_bad_number", 1)


def test_who_turned_it_off_in_wechat_is_not_asked_again(cast: Cast, gateway: Gateway, settings: Any) -> None:
    from minqing.notify.queries import wishes_of

    settings.NOTIFY = settings.NOTIFY | {
        "wechat_app_id": "wx", "wechat_app_secret": "s", "wechat_url": gateway.url,
        "wechat_templates": {"tests.assigned": {"id": "T", "data": {"thing1": "title"}}},
    }  # fmt: skip

    def answer(request: Request) -> Reply:
        token = {"access_token": "T1", "expires_in": 7200}
        return Reply(body=token if "token" in request.path else {"errcode": 43101})

    gateway.answer = answer
    account = cast.account("cadre").id
    save_address(account=account, channel=Channel.WECHAT, address="openid-1", by=system_actor("sign-in"))
    assert tell(account, ASSIGNED).channels == (Channel.WECHAT,)
    deliver_due(at=NOON)
    assert outbox()[0].error == "wechat_43101"
    with transaction_as(job()):
        assert wishes_of(account)[Channel.WECHAT].kinds_off == {"tests.assigned"}
    assert tell(account, ASSIGNED).channels == ()


def test_what_ended_long_ago_is_deleted_and_what_is_parked_stays(cast: Cast, sms: Gateway) -> None:
    from datetime import timedelta

    from minqing.notify.services import sweep_old

    account = reachable(cast)
    tell(account)
    deliver_due(at=NOON)
    sms.answer = lambda request: Reply(400)
    tell(account)
    deliver_due(at=NOON)
    with transaction_as(job()):
        Notice.objects.filter(account=account).update(read_at=NOON)
    assert sweep_old(by=system_actor("test"), at=NOON + timedelta(days=89)) == 0
    assert sweep_old(by=system_actor("test"), at=NOON + timedelta(days=91)) == 1
    assert states() == ["parked"]
    assert sweep_old(by=system_actor("test"), at=NOON + timedelta(days=366)) == 2
    assert Event.objects.filter(type="notify.old.deleted").count() == 2


def test_one_message_costs_few_statements(cast: Cast, sms: Gateway, django_assert_num_queries: Any) -> None:
    account, by = reachable(cast), system_actor("test")
    # savepoints of the test's own transaction among them
    with django_assert_num_queries(13):
        tell(account, by=by)


@pytest.mark.parametrize("kind", [RESCUE])
def test_a_run_ends_when_its_time_is_up(cast: Cast, sms: Gateway, kind: Any) -> None:
    account = reachable(cast)
    for _n in range(3):
        tell(account, kind)
    assert deliver_due(at=NOON, seconds=0).sent == 0
    assert deliver_due(at=NOON, limit=2).sent == 2


def test_an_outside_message_is_parked_with_its_address_until_somebody_looks(cast: Cast, sms: Gateway) -> None:
    tell(Outside(Channel.SMS, "13987654321"), ANSWERED, link="/m/secret")
    sms.answer = lambda request: Reply(400)
    deliver_due(at=NOON)
    with transaction_as(job()):
        assert Outgoing.objects.get().address == "13987654321"
    drop_parked(by=system_actor("test"), at=NOON)
    with transaction_as(job()):
        assert (Outgoing.objects.get().address, Outgoing.objects.get().link) == ("", "")
