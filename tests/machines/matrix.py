"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from minqing.core import clock
from minqing.core.ids import new_id, short_code
from minqing.machines.formats import screen
from minqing.machines.models import Machine, Slot, Vend
from minqing.machines.rules import HEADS, HOLD_GIVEN, KEEPERS, READERS, may_keep, may_set_up
from minqing.org.models import Area
from minqing.points.enums import AccountKind, Code
from minqing.points.models import Account
from minqing.points.services import Posting, house_account, post_transfers, reserve
from minqing.redeeming.models import Item
from tests.architecture.acts import Act, at_home
from tests.architecture.matrix import ALL, ANYONE, HERE, TOWN, Line, Reach
from tests.architecture.notices import Told
from tests.architecture.reasons import OF_SYSTEMS, PARENT_FIRST
from tests.cast import Cast

REACH: Reach = {"village_secretary": HERE, "clerk": TOWN, "leader": ALL}
OWN_FILE = "no event: the machine's own file, in a process that does not know the journal"


def row(cast: Cast, area: Area) -> Machine:
    now = clock.now()
    made = Machine.objects.create(
        code=short_code(6), name="村口兑换机", area=area, account=Account.objects.create(kind=AccountKind.SHOP),
        secret="mqm_0", made_at=now, changed_at=now, seen_at=now,
    )  # fmt: skip
    Slot.objects.create(machine=made, number=1, item=goods(area), stock=5, changed_at=now)
    return made


def goods(area: Area, name: str = "矿泉水", price: int = 15, **said: Any) -> Item:
    now = clock.now()
    return Item.objects.create(area=area, name=name, price=price, added_at=now, changed_at=now, **said)


def machine(cast: Cast, area: Area) -> tuple[Any, ...]:
    return (row(cast, area).code,)


def slot(cast: Cast, area: Area) -> tuple[Any, ...]:
    return (row(cast, area).code, 1)


def exchange(made: Machine, state: str) -> Vend:
    now = clock.now()
    return Vend.objects.create(
        id=new_id(), machine=made, slot=made.slots.get(), name="矿泉水", price=15, hold=0, state=state,
        account=Account.objects.create(kind=AccountKind.RESIDENT), reserved_at=now, expires_at=now, changed_at=now,
    )  # fmt: skip


def vend(cast: Cast, area: Area) -> tuple[Any, ...]:
    made = row(cast, area)
    return (made.code, exchange(made, "done").pk)


def picture(cast: Cast, area: Area) -> tuple[Any, ...]:
    made = row(cast, area)
    return (made.code, screen.code_of(made.secret, screen.period_of(clock.now().timestamp())))


LINES = {
    "machines:list": Line(READERS),
    "machines:new": Line(HEADS),
    "machines:machine": Line(READERS, at=machine, reach=REACH),
    "machines:slot": Line(KEEPERS, at=slot, reach=REACH),
    "machines:key": Line(HEADS, at=machine, reach=REACH, post=True),
    "machines:lock": Line(KEEPERS, at=machine, reach=REACH, post=True, ok=302),
    # it is known already
    "machines:decide": Line(KEEPERS, at=vend, reach=REACH, post=True, ok=409),
    "machines:vend": Line(ANYONE, at=vend),
    "machines:scan": Line(ANYONE, at=picture),
    # nobody has said who it is
    "machines:choose": Line(ANYONE, at=picture, post=True, ok=422),
}
EXEMPT = {"machines:turn": "for machines, by signature: tests/machines/test_gate.py"}
MACHINES = {"machines:turn": ()}
BY_OTHER_WAYS = {
    "machines:scan": "the picture on a machine's screen",
    "machines:vend": "after something was chosen",
}
ACTS = {
    "register_machine": Act("machines:new", at_home(may_set_up)),
    "give_key": Act("machines:key", at_home(may_set_up)),
    "lock_machine": Act("machines:lock", at_home(may_keep)),
    "unlock_machine": Act("machines:lock", at_home(may_keep)),
    "save_slot": Act("machines:slot", at_home(may_keep)),
    "decide_vend": Act("machines:decide", at_home(may_keep)),
}
WITHOUT_PAGE = {
    "reserve_vend": "behind the picture on a machine's screen there is no role",
    "take_report": "what a machine says, by its signature",
    "take_turn": "what a machine says, by its signature",
    "sweep_all": "by the job that ends what is over",
}
# behind the picture there is no role; and what a machine says
ASKING = frozenset({"machines:scan", "machines:choose", "machines:turn"})
ADDS = {"ChooseForm", "MachineForm"}
UNSEEN = {"scan.html": "the phone forgets who one is; nothing is stored"}
BY_SERVICE = {
    "machines.forms.ChooseForm": "machines.services.vending.reserve_vend",
    "machines.forms.MachineForm": "machines.services.setup.register_machine",
}
LOCKED = {
    f"machines.services.{name}": PARENT_FIRST
    for name in (
        "admitting.admit", "setup.give_key", "setup.save_slot", "setup.turned", "settling.decide_vend",
        "settling.take_report", "settling.dropped_one", "settling.not_dropped", "turns.take_turn", "turns.sweep_one",
        "vending.locked", "vending.reserve_vend", "vending.called_off", "vending.sweep", "troubles.end", "turns.note",
    )
} | {"machines.demo.exchange": "the made-up county, which one process makes"}  # fmt: skip
TOLD_BY = {
    **{
        f"machines.agent.{name}": OWN_FILE
        for name in ("cycle.recall", "journal.adopt", "journal.begin", "journal.count", "journal.end", "journal.hear",
                     "journal.start")
    },
    "machines.demo.exchange": "no event: that a made-up machine was heard of",
    "machines.services.troubles.end": "machines.trouble.ended",
}  # fmt: skip
WALLESS = {"machines_machine": "its key is secret, and nothing in it tells of anybody"}
# a machine's signature, and the picture on its screen
BY_TOKEN = {f"machines.services.{name}" for name in ("turns.take_turn", "settling.take_report", "vending.reserve_vend")}
INSIDE = {"machines.services.turns.sweep_all"}


def an_exchange_to_decide(cast: Cast) -> None:
    """Points are held for it, as whoever decides takes them or gives them back."""
    left = exchange(row(cast, cast.own), "unknown")
    with cast.everything() as by:
        given = Posting(house_account(kind=AccountKind.ISSUANCE, by=by).pk, left.account_id, 40, Code.OPENING)
        post_transfers(caller="tests", key=f"opening:{left.pk}", postings=[given], by=by).checked()
        held = reserve(
            caller="tests", key=f"hold:{left.pk}", debit=left.account_id, credit=left.machine.account_id, amount=15,
            lasting=HOLD_GIVEN, about=f"vend:{left.pk}", by=by,
        ).checked()  # fmt: skip
    Vend.objects.filter(pk=left.pk).update(hold=held.ids[0])


PLANTED = {an_exchange_to_decide}


def few_left(cast: Cast) -> dict[str, Any]:
    made = Machine.objects.get(area=cast.own)
    return {"area": cast.own.id, "number": made.code, "slot": 1, "stock": 2}


NOTICES = {"machines.low": (Told("machines.slot.low", lambda cast: f"machine:{row(cast, cast.own).pk}", few_left),)}
SETS = {
    "machines/agent/driver.py": {
        "self.log, self.state, self.seconds = (folder / 'dropped.log', folder / 'state.json', seconds)": "a file's name"
    },
}
CALLS_OUT = {
    "src/minqing/machines/agent/link.py": "the program in a machine: its server, from the machine's own file",
    "src/minqing/machines/formats/mqtt.py": "the operator's broker, from the environment or the machine's own file",
    "src/minqing/machines/agent/hints.py": "the same broker, by that",
    "src/minqing/machines/demo.py": "looks for a free port on the loopback",
}
UNERASED = {"machines.Machine": {"secret": OF_SYSTEMS}}
FINDINGS = {"exchanges at machines", "broker of the exchange machines"}
