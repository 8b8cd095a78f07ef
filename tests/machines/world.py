"""A machine with two slots, somebody with 40 points, the real agent on a played tray, and a network that can be cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.machines import services
from minqing.machines.agent.cycle import Agent
from minqing.machines.agent.driver import Simulated
from minqing.machines.agent.journal import Journal
from minqing.machines.agent.link import Link
from minqing.machines.formats import screen
from minqing.machines.models import Machine, Slot, Vend
from minqing.points.enums import AccountKind, Code
from minqing.points.queries import balance_of
from minqing.points.queries.verifying import verify
from minqing.points.services import Posting, house_account, open_account, post_transfers
from minqing.privacy.access import acting_as
from tests.architecture.matrix import HERE  # noqa: F401  # the house's matrix is read first
from tests.cast import Cast
from tests.machines.matrix import goods

WATER, SOAP = 1, 2
PRICE, POINTS, PIECES = 15, 40, 5


class PowerCut(BaseException):
    """The process ends here, whatever it was about to do."""


class Wire:
    """Between agent and server. ``before`` and ``after`` are called around each message, and may lose or change it."""

    def __init__(self) -> None:
        self.client = Client()
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None
        self.sent: list[tuple[str, bytes, Mapping[str, str]]] = []

    def __call__(self, address: str, body: bytes, headers: Mapping[str, str]) -> Any:
        self.sent.append((address, body, headers))
        self.before()
        answer = self.deliver(address, body, headers)
        self.after()
        return answer

    def deliver(self, address: str, body: bytes, headers: Mapping[str, str]) -> Any:
        path = "/" + address.split("/", 3)[3]
        answer = self.client.post(path, body, content_type="application/json", headers=dict(headers))
        return answer.status_code, answer.headers, answer.content


class World:
    def __init__(self, cast: Cast, folder: Path) -> None:
        self.cast, self.folder, self.wire, self.moved = cast, folder, Wire(), 0.0
        self.steady = 100.0
        with transaction.atomic(), cast.everything() as by:
            self.home = cast.household(number="V1-0007")
            self.person = cast.resident(self.home, phone="13857500001")
            self.account = open_account(kind=AccountKind.RESIDENT, area=cast.own.pk, resident=self.person.pk, by=by).pk
            issued = house_account(kind=AccountKind.ISSUANCE, by=by).pk
            opening = Posting(issued, self.account, POINTS, Code.OPENING)
            post_transfers(caller="tests", key=str(new_id()), postings=[opening], by=by).checked()
        clerk = cast.actor("clerk")
        with transaction.atomic(), acting_as(clerk):
            made = services.register_machine(
                id=new_id(), name="村口兑换机", place="村口", area_id=cast.own.pk, by=clerk
            )
        for number, name in ((WATER, "矿泉水"), (SOAP, "肥皂")):
            item = goods(cast.own, name, PRICE)
            services.save_slot(machine=made, number=number, item=item.pk, stock=PIECES, low=2, by=clerk)
        self.key = services.give_key(machine=made, by=clerk)
        self.id = made.pk
        self.agent = self.boot()

    def boot(self, folder: Path | None = None, key: str = "") -> Agent:
        """The agent is started on what its last start left."""
        folder = folder or self.folder
        self.tray = Simulated(folder / "tray")
        link = Link("http://testserver", self.machine.code, key or self.key, self.wire)
        self.agent = Agent(Journal(folder / "journal.sqlite3"), link, self.tray, steady=lambda: self.steady)
        return self.agent

    @property
    def machine(self) -> Machine:
        return Machine.objects.get(pk=self.id)

    @property
    def who(self) -> Actor:
        return Actor(id=None, kind="resident", name="", household=self.home.pk)

    def choose(
        self, number: int = WATER, *, account: int | None = None, period: int | None = None, **said: int
    ) -> Vend:
        """As the page does; each time from a new picture unless one is named."""
        self.periods = getattr(self, "periods", screen.period_of(clock.now().timestamp())) + 1
        with transaction.atomic():
            return services.reserve_vend(
                id=new_id(), machine=self.id, number=number, period=self.periods if period is None else period,
                account=account or self.account, by=self.who, **said,
            )  # fmt: skip

    def later(self, seconds: float) -> None:
        """Time goes on: what is under way was begun so much earlier."""
        ago = timedelta(seconds=seconds)
        for vend in Vend.objects.filter(machine=self.id):
            for name in ("expires_at", "reserved_at"):
                setattr(vend, name, getattr(vend, name) - ago)
            vend.save()

    def turns(self, count: int = 3) -> None:
        for _time in range(count):
            self.agent.turn()

    def settle(self) -> None:
        """Until nothing is under way: the machine is asked, time goes by, and somebody looks at what is not known."""
        self.wire.before = self.wire.after = lambda: None
        self.turns()
        self.later(200)
        self.turns()
        fallen = {id for id, _slot in self.tray.fallen()}
        for vend in Vend.objects.filter(machine=self.id, state="unknown"):
            by = self.cast.actor("clerk")
            services.decide_vend(vend=vend.pk, dropped=str(vend.pk) in fallen, by=by)

    def stands(self) -> None:
        """What has really fallen, what the server says, and where the points are: all of it fits."""
        fallen = [id for id, _slot in self.tray.fallen()]
        assert len(fallen) == len(set(fallen)), "a piece fell twice for one exchange"
        states = {str(one.pk): one.state for one in Vend.objects.filter(machine=self.id)}
        assert set(fallen) <= set(states)
        assert {id for id, state in states.items() if state in {"done", "lost"}} == set(fallen), states
        assert not set(states.values()) & {"reserved", "given", "unknown"}, states
        taken = PRICE * sum(1 for state in states.values() if state == "done")
        holding = balance_of(self.account)
        assert (holding.posted, holding.held) == (POINTS - taken, 0), (holding, states)
        paid = balance_of(self.machine.account_id)
        assert paid.posted == PRICE * len(fallen)
        left = sum(Slot.objects.filter(machine=self.id, closed_at=None).values_list("stock", flat=True))
        closed = Slot.objects.filter(machine=self.id).exclude(closed_at=None).exists()
        assert closed or left == 2 * PIECES - len(fallen)
        found = verify()
        assert not found, found


def raising() -> None:
    raise OSError("cut")
