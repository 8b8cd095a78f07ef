"""The fault that others met most: power or network goes at the worst moment. Every cut, then all is reconciled.

The agent is the real one on its own file, the server the real one on its database; the tray is what has really
fallen, and is asked by nobody but this test.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from minqing.core import clock
from minqing.core.errors import Conflict
from minqing.core.ids import new_id
from minqing.machines import services
from minqing.machines.enums import Alarm
from minqing.machines.models import Machine, Slot, Trouble, Vend
from minqing.points.enums import AccountKind
from minqing.points.services import open_account
from tests.machines.world import SOAP, WATER, PowerCut, World, raising

pytestmark = [pytest.mark.django_db, pytest.mark.fault(13), pytest.mark.fault(14)]


def cut(world: World, owner: Any, name: str, *, after: bool, time: int = 1) -> None:
    """Power goes before or after the agent calls that, the ``time``-th time; then it is started anew."""
    real, left = getattr(owner, name), [time]

    def cutting(*given: Any, **named: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and not after:
            raise PowerCut
        answer = real(*given, **named)
        if left[0] == 0:
            raise PowerCut
        return answer

    setattr(owner, name, cutting)
    try:
        for _turn in range(4):
            world.agent.turn()
    except PowerCut:
        world.agent.journal.close()
        world.boot()
        return
    finally:
        setattr(owner, name, real)
    raise AssertionError("it was never called")


def power(owner: Callable[[World], Any], name: str, *, after: bool, time: int = 1) -> Callable[[World], None]:
    def happen(world: World) -> None:
        world.choose()
        cut(world, owner(world), name, after=after, time=time)

    return happen


JOURNAL: Callable[[World], Any] = lambda world: world.agent.journal  # noqa: E731
TRAY: Callable[[World], Any] = lambda world: world.agent.driver  # noqa: E731
WIRE: Callable[[World], Any] = lambda world: world.agent.link  # noqa: E731


def network(*, before: bool, turn: int) -> Callable[[World], None]:
    """The line is cut at one turn, before the message comes or before its answer does."""

    def happen(world: World) -> None:
        world.choose()
        for number in range(4):
            now = raising if number == turn else (lambda: None)
            if before:
                world.wire.before = now
            else:
                world.wire.after = now
            world.agent.turn()

    return happen


def line_is_down_for_long(world: World) -> None:
    """Told, and never an answer again until long after: what was not fetched is free, what was is asked of."""
    world.choose()
    world.wire.after = raising
    world.turns(2)
    world.later(300)
    Machine.objects.update(seen_at=clock.now() - timedelta(minutes=5))
    with pytest.raises(Conflict):
        world.choose()


def nobody_fetches(world: World) -> None:
    world.choose()
    world.later(31)
    services.sweep_all(by=world.who)
    assert Vend.objects.get().state == "called_off"


def the_answer_is_held_up(world: World) -> None:
    """It comes when its command is over: the clock went on, and no clock of the machine's own is asked."""
    world.choose()

    def wait() -> None:
        world.steady += 40

    world.wire.after = wait
    world.agent.turn()
    assert not world.tray.fallen()


def duplicate(world: World) -> None:
    """Each message comes twice, and each again when all is over."""
    world.choose()
    world.turns()
    for message in [*world.wire.sent, *world.wire.sent]:
        status, _headers, _body = world.wire.deliver(*message)
        assert status == 409


def reordered(world: World) -> None:
    """An earlier message overtakes nothing: it comes after a later one and is old."""
    world.choose()
    held = []

    def hold() -> None:
        held.append(world.wire.sent[-1])
        raise OSError

    world.wire.before = hold
    world.agent.turn()
    world.wire.before = lambda: None
    world.turns()
    assert [world.wire.deliver(*one)[0] for one in held] == [409]


def orders_twice(world: World) -> None:
    """The same command in two answers, as after a lost one: it is in the journal."""
    vend = world.choose()
    world.turns()
    order = {"id": str(vend.pk), "slot": WATER, "boot": world.agent.boot, "expires": clock.now().timestamp() + 20}
    assert not world.agent.obey(order)


def order_of_before(world: World) -> None:
    """A command of the last start, kept somewhere on its way for two hours."""
    vend = world.choose()
    order = {"id": str(vend.pk), "slot": WATER, "boot": world.agent.boot, "expires": clock.now().timestamp() + 20}
    world.agent.journal.close()
    world.boot()
    world.turns(1)
    world.agent.obey(order)
    assert world.agent.journal.line(str(vend.pk)).reason in {"reboot", ""}  # type: ignore[union-attr]


def wrong_clock(world: World) -> None:
    """It says 1970 after a power cut, and is set by hand in the middle: nothing asks it."""
    world.agent.journal.close()
    world.steady = 0.0
    world.boot()
    world.choose()
    world.turns()
    assert Vend.objects.get().state == "done"


def jam(world: World) -> None:
    world.tray.state.write_text('{"jams": 1}')
    world.choose()
    world.turns()
    assert Slot.objects.get(number=WATER).closed_at
    assert Trouble.objects.get(ended_at=None).alarm == Alarm.JAM


def empty(world: World) -> None:
    """Counted wrong: the machine finds none where there should be five."""
    world.tray.state.write_text('{"pieces": {"1": 0}}')
    world.choose()
    world.turns()
    assert Slot.objects.get(number=WATER).stock == 0


def two_scan_one_picture(world: World) -> None:
    other = other_account(world)
    first = world.choose(period=7)
    world.turns()
    with pytest.raises(Conflict) as refused:
        world.choose(SOAP, account=other, period=7)
    assert refused.value.code == "machine_in_use"
    assert Vend.objects.get().pk == first.pk


def two_at_once(world: World) -> None:
    other = other_account(world)
    world.choose()
    with pytest.raises(Conflict) as refused:
        world.choose(SOAP, account=other)
    assert refused.value.code == "machine_in_use"


def other_account(world: World) -> int:
    with world.cast.everything() as by:
        other = world.cast.resident(world.home, "何桂香")
        return open_account(kind=AccountKind.RESIDENT, area=world.cast.own.pk, resident=other.pk, by=by).pk


def copied_key(world: World) -> None:
    """Key and journal on a second device: both go on, and the machine is locked until it has a new key."""
    import shutil

    world.choose()
    world.turns()
    first, there = world.agent, world.folder.parent / f"{world.folder.name}-copy"
    shutil.copytree(world.folder, there)
    second = world.boot(there)
    for agent in (second, first, second, first, first):
        agent.turn()
    assert Machine.objects.get().locked_at
    assert Trouble.objects.get(ended_at=None).alarm == Alarm.CLONE
    assert first.shown.refused == "cloned"
    clerk = world.cast.actor("clerk")
    world.key = services.give_key(machine=world.machine, by=clerk)
    services.unlock_machine(machine=world.machine, by=clerk)
    second.journal.close()
    first.journal.close()
    world.boot(world.folder)
    world.turns(1)
    assert not world.agent.shown.refused
    world.choose()


def decided_wrong(dropped: bool) -> Callable[[World], None]:
    """Somebody says what became of it while the machine is away, and the machine's journal knows better."""

    def happen(world: World) -> None:
        vend = world.choose()
        world.agent.turn()
        if dropped:
            # it is in the journal as not carried out, the village says it dropped
            world.agent.journal.db.execute("UPDATE vends SET told = 'failed' WHERE id = ?", (str(vend.pk),))
            world.tray.log.unlink()
        world.later(200)
        services.sweep_all(by=world.who)
        services.decide_vend(vend=vend.pk, dropped=dropped, by=world.cast.actor("clerk"))
        world.turns()
        assert Vend.objects.get().state == ("returned" if dropped else "lost")

    return happen


def locked_from_afar(world: World) -> None:
    services.lock_machine(machine=world.machine, by=world.cast.actor("clerk"))
    world.agent.turn()
    assert world.agent.screen_code() == ""
    with pytest.raises(Conflict) as refused:
        world.choose()
    assert refused.value.code == "machine_locked"


CUTS: dict[str, Callable[[World], None]] = {
    **{
        f"power {'after' if after else 'before'} {name}": power(owner, name, after=after)
        for owner, names in ((JOURNAL, ("take", "begin", "end", "unheard", "hear", "count")), (TRAY, ("dispense",)))
        for name in names
        for after in (False, True)
    },
    "power before an answer is read": power(WIRE, "turn", after=True),
    "power before the second message": power(WIRE, "turn", after=False, time=2),
    "power before the second answer": power(WIRE, "turn", after=True, time=2),
    **{
        f"network {'before message' if before else 'before answer'} {turn}": network(before=before, turn=turn)
        for before in (True, False)
        for turn in range(3)
    },
    **{
        made.__name__: made
        for made in (
            line_is_down_for_long, nobody_fetches, the_answer_is_held_up, duplicate, reordered, orders_twice,
            order_of_before, wrong_clock, jam, empty, two_scan_one_picture, two_at_once, copied_key, locked_from_afar,
        )
    },
    "said to have dropped, and did not": decided_wrong(True),
    "said not to have dropped, and did": decided_wrong(False),
}  # fmt: skip


@pytest.mark.case("B4")
@pytest.mark.case("B5")
@pytest.mark.case("B12")
@pytest.mark.case("B14")
@pytest.mark.case("B18")
@pytest.mark.case("B19")
@pytest.mark.parametrize("name", CUTS)
def test_no_bottle_is_paid_twice_and_no_points_are_taken_for_nothing(world: World, name: str, tmp_path: Path) -> None:
    CUTS[name](world)
    world.settle()
    world.stands()


def test_a_report_of_what_is_not_known_here_is_kept(world: World) -> None:
    world.agent.journal.take(str(new_id()), WATER, 1)
    world.agent.journal.end(world.agent.journal.unfinished()[0].id, "dropped")
    world.turns()
    assert not world.agent.journal.unheard()
