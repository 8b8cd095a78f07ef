"""Telling somebody: once, through what they want, and nothing private."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from minqing.core.errors import Conflict, DomainError, Invalid
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.notify.enums import Channel, Mode
from minqing.notify.models import Notice
from minqing.notify.queries import job
from minqing.notify.services import Outside, deliver_due, notice_id, save_choices, send_notices
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast, at
from tests.notify.conftest import ANSWERED, ASSIGNED, NOON, NUMBER, RESCUE, SPOKEN, outbox, states, tell
from tests.notify.gateway import Gateway

Reach = Callable[..., UUID]


def notices() -> list[Notice]:
    with acting_as(job()):
        return list(Notice.objects.order_by("made_at", "id"))


def test_a_notice_stands_in_the_app_and_goes_to_the_gateway(cast: Cast, sms: Gateway, reach: Reach) -> None:
    account = reach(Channel.SMS)
    told = tell(account)
    assert (told.channels, told.again) == ((Channel.SMS,), False)
    assert [(one.account, one.kind, one.read_at) for one in notices()] == [(account, "tests.rescue", None)]
    assert deliver_due(at=NOON).sent == 1
    (request,) = sms.seen
    (row,) = outbox()
    assert request.json == {
        "id": str(row.id), "to": "13812345678", "text": "Rescue call Open the app.", "kind": "tests.rescue",
    }  # fmt: skip
    assert (request.headers["idempotency-key"], request.headers["authorization"]) == (str(row.id), "Bearer gate-token")
    assert (row.state, row.provider_id, row.tries) == ("sent", "sms-1", 1)
    assert deliver_due(at=NOON).sent == 0


def test_the_same_id_tells_once_and_leaves_one_event(cast: Cast, sms: Gateway, reach: Reach) -> None:
    account, id = reach(Channel.SMS), new_id()
    assert [tell(account, id=id).again for _n in range(3)] == [False, True, True]
    assert (len(notices()), len(outbox())) == (1, 1)
    assert Event.objects.filter(type="notify.notice.sent").count() == 1
    with pytest.raises(Conflict):
        tell(cast.account("clerk").id, id=id)


def test_several_are_told_of_one_cause_each_once(cast: Cast) -> None:
    accounts, cause = [cast.account(role).id for role in ("cadre", "clerk")], new_id()
    given = {"kind": "tests.rescue", "subject": "matter:1", "params": {}, "link": "/", "by": system_actor("test")}
    for _n in range(2):
        send_notices(cause=cause, to=[*accounts, accounts[0]], **given)  # type: ignore[arg-type]
    assert sorted(one.id for one in notices()) == sorted(notice_id(cause, account) for account in accounts)


def test_without_a_carrier_the_notice_still_stands_in_the_app(cast: Cast, reach: Reach) -> None:
    tell(reach(Channel.SMS))
    assert (len(notices()), outbox()) == (1, [])


def test_a_closed_account_is_told_nothing(cast: Cast, sms: Gateway, reach: Reach) -> None:
    account = reach(Channel.SMS)
    type(cast.account("cadre")).objects.filter(pk=account).update(is_active=False)
    assert tell(account).channels == ()
    assert (notices(), outbox(), Event.objects.filter(type="notify.notice.sent").count()) == ([], [], 0)


def test_an_account_closed_meanwhile_gets_no_message(cast: Cast, sms: Gateway, reach: Reach) -> None:
    account = reach(Channel.SMS)
    tell(account)
    type(cast.account("cadre")).objects.filter(pk=account).update(is_active=False)
    deliver_due(at=NOON)
    assert (sms.seen, states()) == ([], ["dropped"])


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"number": NUMBER, "day": "2026-12-03"},
        {"number": NUMBER, "day": "2026-12-03", "place": 1, "name": "王桂花"},
        {"number": "王桂花", "day": "2026-12-03", "place": 1},
        {"number": "13812345678", "day": "2026-12-03", "place": 1},
        {"number": NUMBER, "day": "明天", "place": 1},
        {"number": NUMBER, "day": "2026-12-03", "place": "王家大院"},
        {"number": NUMBER, "day": "2026-12-03", "place": True},
        {"number": NUMBER, "day": "2026-12-03", "place": -1},
    ],
)
def test_a_text_takes_numbers_days_counts_and_places_and_nothing_else(cast: Cast, params: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        tell(cast.account("cadre").id, ASSIGNED, params=params)
    assert notices() == []


@pytest.mark.parametrize(
    "link", ["", "//evil.example/", "https://evil.example/", "/m/ticket", "/h/code", "/\\evil", "/a b", "/" + "a" * 200]
)
def test_a_link_is_a_path_of_ours_without_a_private_part(cast: Cast, link: str) -> None:
    with pytest.raises(Invalid):
        tell(cast.account("cadre").id, link=link)


def test_everybody_reads_their_own_language(cast: Cast, sms: Gateway, reach: Reach) -> None:
    accounts = {"zh-hans": "cadre", "zh-hant": "clerk", "en": "handler"}
    for language, role in accounts.items():
        account = reach(Channel.SMS, role=role)
        type(cast.account(role)).objects.filter(pk=account).update(language=language)
        with cast.everything():
            save_choices(account=account, modes={Channel.SMS: Mode.AT_ONCE}, kinds_off=[], quiet=None, by=job())
        tell(account, SPOKEN)
    deliver_due(at=NOON)
    assert sorted(one.json["text"] for one in sms.seen) == sorted(["星期一", "星期一", "Monday"])


def test_somebody_without_an_account_is_told_and_forgotten(cast: Cast, sms: Gateway) -> None:
    told = tell(Outside(Channel.SMS, "13987654321"), ANSWERED, link="/m/secret-ticket")
    assert told.channels == (Channel.SMS,)
    (row,) = outbox()
    with acting_as(job()):
        assert (row.address, row.link, row.account) == ("13987654321", "/m/secret-ticket", None)
    assert notices() == []
    deliver_due(at=NOON)
    assert sms.seen[0].json["to"] == "13987654321"
    (row,) = outbox()
    assert (row.state, row.address, row.link) == ("sent", "", "")
    assert tell(Outside(Channel.SMS, "13987654321"), ANSWERED, id=told.id).again
    assert Event.objects.filter(type="notify.notice.sent").get().data["to"] == "outside"


def test_what_is_for_cadres_is_not_sent_outside(cast: Cast, sms: Gateway) -> None:
    with pytest.raises(DomainError):
        tell(Outside(Channel.SMS, "13987654321"), ASSIGNED)


def test_what_comes_in_quiet_hours_is_sent_after_and_what_is_urgent_at_once(
    cast: Cast, sms: Gateway, reach: Reach
) -> None:
    account = reach(Channel.SMS)
    with cast.everything():
        save_choices(account=account, modes={Channel.SMS: Mode.AT_ONCE}, kinds_off=[],
                     quiet=(at("2026-11-20 22:00").time(), at("2026-11-20 07:00").time()), by=job())  # fmt: skip
    night = at("2026-11-20 23:30")
    tell(account, ASSIGNED, at=night)
    tell(account, RESCUE, at=night)
    assert deliver_due(at=night).sent == 1
    assert "Rescue" in sms.seen[0].json["text"]
    assert deliver_due(at=at("2026-11-21 06:59")).sent == 0
    assert deliver_due(at=at("2026-11-21 07:00")).sent == 1


def test_a_message_that_is_late_waits_for_the_morning_too(cast: Cast, sms: Gateway, reach: Reach) -> None:
    account = reach(Channel.SMS)
    with cast.everything():
        save_choices(account=account, modes={Channel.SMS: Mode.AT_ONCE}, kinds_off=[],
                     quiet=(at("2026-11-20 22:00").time(), at("2026-11-20 07:00").time()), by=job())  # fmt: skip
    tell(account, ASSIGNED, at=at("2026-11-20 21:59"))
    # the worker was away
    assert deliver_due(at=at("2026-11-20 22:30")).sent == 0
    assert deliver_due(at=at("2026-11-21 07:00")).sent == 1


def test_a_digest_says_how_many_and_skips_none(cast: Cast, sms: Gateway, reach: Reach) -> None:
    account = reach(Channel.SMS)
    with cast.everything():
        save_choices(account=account, modes={Channel.SMS: Mode.DIGEST}, kinds_off=[], quiet=None, by=job())
    for hour in (9, 14, 23):
        tell(account, ASSIGNED, at=at(f"2026-11-20 {hour:02}:00"))
    tell(account, RESCUE, at=at("2026-11-20 15:00"))
    assert deliver_due(at=at("2026-11-20 23:30")).sent == 1, "what is urgent does not wait"
    # no worker ran at eight
    assert deliver_due(at=at("2026-11-21 11:00")).sent == 1
    assert sms.seen[1].json["text"].startswith("3 条新通知")
    assert states().count("folded") == 3
    assert len({row.digest for row in outbox(state="folded")}) == 1
    assert deliver_due(at=at("2026-11-22 08:00")).sent == 0


def test_kinds_switched_off_stay_in_the_app(cast: Cast, sms: Gateway, reach: Reach) -> None:
    account = reach(Channel.SMS)
    with cast.everything():
        save_choices(account=account, modes={Channel.SMS: Mode.AT_ONCE}, kinds_off=["tests.assigned", "tests.rescue"],
                     quiet=None, by=job())  # fmt: skip
    assert tell(account, ASSIGNED).channels == ()
    assert tell(account, RESCUE).channels == (Channel.SMS,)
    assert len(notices()) == 2


def test_a_text_message_is_by_default_for_what_is_urgent(cast: Cast, sms: Gateway, reach: Reach) -> None:
    account = reach(Channel.SMS)
    assert tell(account, ASSIGNED).channels == ()
    assert tell(account, RESCUE).channels == (Channel.SMS,)


def test_the_periodic_jobs_deliver_and_sweep(cast: Cast, sms: Gateway, reach: Reach) -> None:
    from minqing.notify import tasks

    tell(reach(Channel.SMS))
    assert (tasks.deliver(timestamp=0), tasks.deliver(timestamp=0), tasks.sweep(timestamp=0)) == (1, 0, 0)
