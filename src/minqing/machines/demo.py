"""A machine in the made-up county: filled, used a few times, with one exchange to decide and one slot to look at."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from socket import AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket
from typing import Final
from uuid import UUID

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.households.demo import Chunk, DemoPart, House, Town
from minqing.machines import services
from minqing.machines.agent import FILE, settings
from minqing.machines.enums import Reason, Told
from minqing.machines.models import Machine
from minqing.machines.queries import first_machine, goods_for
from minqing.machines.services.turns import Report, Turn
from minqing.org.queries import area_by_code
from minqing.points.enums import AccountKind, Code
from minqing.points.services import Posting, house_account, open_account, post_transfers
from minqing.privacy.access import acting_as
from minqing.redeeming.enums import ItemKind
from minqing.redeeming.services import add_item

# name, price where the village's catalogue does not have it yet, pieces
GOODS: Final = (("矿泉水", 15, 24), ("抽纸", 25, 12), ("肥皂", 25, 2), ("洗洁精", 30, 8), ("雨伞", 120, 4))
# slot and what the machine said of it
PAST: Final = (
    (1, Told.DROPPED, Reason.NONE),
    (1, Told.DROPPED, Reason.NONE),
    (2, Told.DROPPED, Reason.NONE),
    (4, Told.FAILED, Reason.JAM),
    (1, Told.UNKNOWN, Reason.NONE),
)
POINTS: Final = 120
PEOPLE: Final = 3


class Machines(DemoPart):
    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.stands = False

    def go_on(self, chunk: Chunk) -> None:
        """One in each township, in the first village with people who have a telephone."""
        known = [one.house for one in chunk.purses if one.house.home.people[0].phone]
        clerk = self.town.staff.clerk_over(known[0].area_id) if known and not self.stands else None
        village = area_by_code(known[0].village.code) if clerk else None
        if clerk is None or village is None:
            return
        self.stands = True
        at = self.town.now - timedelta(days=2)
        with acting_as(clerk):
            name = f"{known[0].village.name}兑换机"
            made = services.register_machine(
                id=new_id(), name=name, place="村委会门口", area_id=village.pk, by=clerk, at=at
            )
            for number, (what, price, stock) in enumerate(GOODS, start=1):
                item = of_catalogue(made, what, price, clerk)
                services.save_slot(machine=made, number=number, item=item, stock=stock, low=3, by=clerk, at=at)
            accounts = [purse(house, clerk) for house in known[:PEOPLE]]
        for number, (slot, told, reason) in enumerate(PAST):
            exchange(made, slot, told, reason, accounts[number % len(accounts)], at + timedelta(hours=3 * number))

    @classmethod
    def beside(cls, folder: Path, server: str, *, by: Actor) -> list[str]:
        """The first machine, at once, with the key it had here or, where another was made since, a new one."""
        machine = first_machine()
        if machine is None:
            return []
        config = folder / FILE
        kept = key_in(config)
        key = kept if kept and kept == machine.secret else services.give_key(machine=machine, by=by)
        settings.write(config, server=server, code=machine.code, key=key, port=free_port())
        return [sys.executable, "-m", "minqing", "machine", "run", "--quiet", "--config", str(config)]


def key_in(config: Path) -> str:
    """That of a file of before; empty where there is none that can be read."""
    try:
        return settings.read(config).key
    except settings.Unusable:
        return ""


def free_port() -> int:
    """The usual one, or any where somebody has that."""
    for wanted in (settings.PORT, 0):
        with socket(AF_INET, SOCK_STREAM) as probe, suppress(OSError):
            probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", wanted))
            return int(probe.getsockname()[1])
    return 0


def of_catalogue(machine: Machine, name: str, price: int, by: Actor) -> UUID:
    """What the village's catalogue has by that name; else it is added."""
    if there := goods_for(machine).filter(name=name).first():
        return there.pk
    return add_item(id=new_id(), area_id=machine.area_id, kind=ItemKind.GOOD, name=name, price=price, by=by).pk


def purse(house: House, clerk: Actor) -> tuple[int, House]:
    account = open_account(kind=AccountKind.RESIDENT, area=house.area_id, resident=house.resident_ids[0], by=clerk).pk
    issued = house_account(kind=AccountKind.ISSUANCE, by=clerk).pk
    opening = Posting(issued, account, POINTS, Code.OPENING)
    post_transfers(caller="machines.demo", key=f"opening:{account}", postings=[opening], by=clerk).checked()
    return account, house


def exchange(machine: Machine, slot: int, told: Told, reason: Reason, whose: tuple[int, House], at: datetime) -> None:
    """As it goes at the machine: it is heard of, somebody chooses, it is told, and says what became of it."""
    account, house = whose
    Machine.objects.filter(pk=machine.pk).update(seen_at=at)
    person, itself = Actor(id=None, kind="resident", name="", household=house.id), Actor.system("machines.demo")
    period = int(at.timestamp()) // 30
    vend = services.reserve_vend(
        id=new_id(), machine=machine.pk, number=slot, period=period, account=account, by=person, at=at
    )
    services.take_turn(machine=machine, turn=Turn(), by=itself, at=at)
    services.take_turn(machine=machine, turn=Turn(reports=[Report(vend.pk, told, reason)]), by=itself, at=at)
