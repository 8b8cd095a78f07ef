"""Nothing private in a text, in a log, in the journal or behind the wrong wall."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from minqing.config import logs
from minqing.core.ids import digest
from minqing.journal.models import Event
from minqing.matters.models import Reporter
from minqing.matters.tickets import ticket_of
from minqing.notify import kinds
from minqing.notify.enums import Channel, Param
from minqing.notify.kinds import NoticeKind
from minqing.notify.models import Address, Choice, Notice, Outgoing
from minqing.notify.queries import job
from minqing.notify.rules import Outside
from minqing.notify.services import deliver_due, forget_account, save_choices
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.notify.conftest import ANSWERED, ASSIGNED, NOON, outbox, tell
from tests.notify.gateway import Gateway, Reply

Reach = Callable[..., UUID]
NAME, PHONE, TEXT = "欧阳灿雀", "13911112222", "CANARY-上月起家里漏水"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    ours = next(one for one in root.handlers if any(isinstance(each, logs.Scrub) for each in one.filters))
    assert isinstance(ours, logging.StreamHandler)
    kept = io.StringIO()
    former, ours.stream = ours.stream, kept
    level = root.level
    root.setLevel("DEBUG")
    yield kept
    root.setLevel(level)
    ours.stream = former


def test_every_registered_kind_names_only_what_may_be_named() -> None:
    for kind in kinds.KINDS:
        assert set(kind.params.values()) <= set(Param), kind.code
        kinds.register(kind)


def test_a_kind_that_names_more_than_its_parameters_is_refused() -> None:
    for title in ("%(name)s has a matter", "%(number)s of %(who)s"):
        with pytest.raises(ValueError, match="tests\\.bad"):
            kinds.register(
                NoticeKind(code="tests.bad", label="", title=title, body="", params={"number": Param.NUMBER})
            )
    with pytest.raises(ValueError, match="Bad Code"):
        kinds.register(NoticeKind(code="Bad Code", label="", title="", body=""))


@pytest.mark.fault(65)
@pytest.mark.parametrize(
    "reply",
    [
        Reply(body={"id": "1"}),
        Reply(500),
        Reply(body={"code": f"{PHONE} {NAME}"}),
        Reply(drop=True),
        Reply(body={"id": PHONE}),
    ],
    ids=["well", "500", "told", "drop", "echo"],
)
def test_who_raised_a_matter_and_what_they_wrote_reach_no_gateway_no_log_and_no_event(
    cast: Cast, sms: Gateway, log: io.StringIO, reply: Reply
) -> None:
    matter = cast.matter(text=TEXT, title=TEXT)
    ticket = ticket_of(matter.pk)
    with cast.everything():
        type(matter).objects.filter(pk=matter.pk).update(ticket=digest(ticket))
        Reporter.objects.create(matter=matter, name=NAME, phone=PHONE)
    sms.answer = lambda request: reply
    tell(Outside(Channel.SMS, PHONE), ANSWERED, subject=f"matter:{matter.pk}", link=f"/m/{ticket}")
    deliver_due(at=NOON)
    assert sms.seen[0].json["to"] == PHONE, "the one place where the number must be"
    told = sms.everything.replace(f'"to":"{PHONE}"', "")
    journal = str(list(Event.objects.values("type", "subject", "data", "actor")))
    with acting_as(job()):
        plain = str(list(Outgoing.objects.values_list()))
    assert str(matter.pk) in journal, "the probe looks at something"
    for canary in (NAME, TEXT, PHONE):
        for place in (told, log.getvalue(), journal, plain):
            assert canary not in place
    for place in (told, log.getvalue(), journal):
        assert ticket not in place


def test_tables_hold_no_address_and_no_private_link_in_the_open(cast: Cast, sms: Gateway) -> None:
    tell(Outside(Channel.SMS, PHONE), ANSWERED, link="/m/canary-ticket")
    with acting_as(job()), connection.cursor() as cursor:
        cursor.execute("SELECT notify_outgoing::text FROM notify_outgoing")
        row = cursor.fetchone()[0]
    assert PHONE not in row
    assert PHONE.encode().hex() not in row
    assert b"canary-ticket".hex() not in row


@pytest.mark.fault(22)
def test_the_wall_shows_people_their_own_and_nobody_the_outbox(cast: Cast, sms: Gateway, reach: Reach) -> None:
    from minqing.notify.enums import Mode

    for role in ("cadre", "clerk"):
        account = reach(Channel.SMS, role=role)
        tell(account)
        save_choices(account=account, modes={Channel.SMS: Mode.OFF}, kinds_off=[], quiet=None, by=job())
    models: tuple[Any, ...] = (Address, Choice, Notice)
    for model in (*models, Outgoing):
        assert model.objects.count() == 0, "without a context"
    with acting_as(cast.actor("cadre")):
        for model in models:
            assert {row.account for row in model.objects.all()} == {cast.account("cadre").id}
        assert Outgoing.objects.count() == 0
    for other in (cast.actor("leader"), cast.actor("operator"), system_actor("visits.follow")):
        with acting_as(other):
            assert [model.objects.count() for model in (*models, Outgoing)] == [0, 0, 0, 0]
    with acting_as(job()):
        assert [model.objects.count() for model in (*models, Outgoing)] == [2, 2, 2, 2]


def test_an_account_can_be_forgotten(cast: Cast, sms: Gateway, reach: Reach) -> None:
    account = reach(Channel.SMS)
    tell(account)
    tell(account, ASSIGNED)
    tell(cast.account("clerk").id)
    forget_account(account=account, by=system_actor("test"))
    with acting_as(job()):
        assert [model.objects.filter(account=account).count() for model in (Address, Choice, Notice, Outgoing)] == [
            0
        ] * 4
        assert Notice.objects.count() == 1
    assert Event.objects.get(type="notify.account.forgotten").data == {}


def test_outbox_rows_name_a_person_by_id_alone(cast: Cast, sms: Gateway, reach: Reach) -> None:
    tell(reach(Channel.SMS, PHONE))
    (row,) = outbox()
    assert (row.address, row.link) == ("", "")
