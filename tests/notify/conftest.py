"""Kinds of the tests' own, a gateway, and carriers that point to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy

from minqing.core.ids import human_number, new_id
from minqing.notify import kinds
from minqing.notify.enums import Channel, Param
from minqing.notify.kinds import NoticeKind
from minqing.notify.models import Outgoing
from minqing.notify.queries import job
from minqing.notify.services import Told, save_address, send_notice
from minqing.org.queries import system_actor
from minqing.privacy.access import transaction_as
from tests.cast import Cast, at
from tests.notify.gateway import Gateway, Reply, running

NUMBER = human_number("MQ", 2026, 123)
NOON = at("2026-11-20 12:00")
ASSIGNED = NoticeKind(
    code="tests.assigned",
    label="Assigned",
    title="%(number)s was assigned",
    body="To be done by %(day)s in %(place)s.",
    params={"number": Param.NUMBER, "day": Param.DAY, "place": Param.PLACE},
)
RESCUE = NoticeKind(code="tests.rescue", label="Rescue", title="Rescue call", body="Open the app.", urgent=True)
ANSWERED = NoticeKind(
    code="tests.answered",
    label="Answered",
    title="%(number)s was answered",
    body="Open the link.",
    params={"number": Param.NUMBER},
    outside=True,
)
# a sentence of Django's own, so that the language can be seen
SPOKEN = NoticeKind(code="tests.spoken", label="Spoken", title=gettext_lazy("Monday"), body="")


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds.KINDS, "known", dict(kinds.KINDS.known))
    for kind in (ASSIGNED, RESCUE, ANSWERED, SPOKEN):
        kinds.register(kind)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running() as server:
        yield server


@pytest.fixture
def sms(gateway: Gateway, settings: Any) -> Gateway:
    """Text messages go to the gateway as JSON, and nothing else leaves."""
    settings.NOTIFY = settings.NOTIFY | {"sms": "json", "sms_url": f"{gateway.url}/sms", "sms_token": "gate-token"}
    gateway.answer = lambda request: Reply(body={"id": "sms-1"})
    return gateway


@pytest.fixture
def reach(cast: Cast) -> Callable[..., UUID]:
    """Give somebody of the cast an address, and return the account's id."""

    def give(channel: Channel, address: str = "13812345678", role: str = "cadre") -> UUID:
        account = cast.account(role).id
        with cast.everything():
            save_address(account=account, channel=channel, address=address, by=system_actor("notify"))
        return account

    return give


def tell(to: Any, kind: NoticeKind = RESCUE, **values: Any) -> Told:
    given: dict[str, Any] = {
        "id": new_id(), "subject": "matter:1", "params": {}, "link": "/matters/", "at": NOON,
    }  # fmt: skip
    if kind is ASSIGNED:
        given["params"] = {"number": NUMBER, "day": "2026-12-03", "place": 1}
    if kind is ANSWERED:
        given["params"] = {"number": NUMBER}
    given["by"] = values.pop("by", None) or system_actor("test")
    return send_notice(to=to, kind=kind.code, **given | values)


def outbox(**filters: Any) -> list[Outgoing]:
    with transaction_as(job()):
        return list(Outgoing.objects.filter(**filters).order_by("made_at", "id"))


def states() -> list[str]:
    return [row.state for row in outbox()]
