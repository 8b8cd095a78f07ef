"""A short fault run in this process, of line and power of one machine; ``minqing trial machine`` is the long one."""

from __future__ import annotations

import contextlib
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from minqing.core.errors import Conflict
from minqing.core.ids import new_id
from minqing.machines.agent import settings
from minqing.machines.broken import inside
from minqing.machines.broken.power import Machine
from minqing.machines.broken.scenes import Apart
from minqing.machines.broken.wire import KINDS, Wire
from minqing.machines.models import Slot, Vend
from minqing.points.enums import AccountKind, Code
from minqing.points.queries.verifying import verify
from minqing.points.services import Posting, house_account, post_transfers
from tests.machines.world import SOAP, WATER, World

pytestmark = [pytest.mark.django_db, pytest.mark.fault(13)]
EXCHANGES, POINTS = 24, 1000


class Line(Wire):
    """To the server in this transaction, so that nothing is sent by two at once."""

    world: World

    def deliver(self, message: Any) -> Any:
        return self.world.wire.deliver(*message)

    def twice(self, message: Any) -> Any:
        return self.dice.choice([self.deliver(message), self.deliver(message)])


def ready(world: World, seed: int, often: float) -> Machine:
    with world.cast.everything() as by:
        issued = house_account(kind=AccountKind.ISSUANCE, by=by).pk
        more = Posting(issued, world.account, POINTS, Code.OPENING)
        post_transfers(caller="tests", key=str(new_id()), postings=[more], by=by).checked()
    Slot.objects.update(stock=100)
    world.agent.journal.close()
    line = Line(Random(seed), Counter(), often=often)
    line.world = world
    return Machine(server="http://testserver", code=world.machine.code, key=world.key, folder=world.folder, wire=line)


def told(machine: Machine, world: World, had: tuple[int, int]) -> dict[str, Any]:
    fallen = [id for id, _slot in world.tray.fallen()]
    people = [{"account": world.account, "has": had}]
    return {"code": world.machine.code, "fallen": fallen, "chosen": [], "people": people}


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_to_line_and_power_the_books_balance(world: World, seed: int) -> None:
    machine = ready(world, seed, 0.5)
    had = inside.had(world.account)
    for number in range(EXCHANGES):
        with contextlib.suppress(Conflict):
            world.choose(WATER if number % 2 else SOAP)
        for _turn in range(5):
            machine.turn()
    machine.wire.often = 0.0
    for _turn in range(4):
        machine.turn()
    world.later(200)
    for _turn in range(4):
        machine.turn()
    assert machine.idle()
    books = told(machine, world, had)
    clerk = world.cast.actor("clerk")
    for vend in Vend.objects.filter(state="unknown"):
        inside.services.decide_vend(vend=vend.pk, dropped=str(vend.pk) in books["fallen"], by=clerk)
    vends = {str(one.pk): one for one in Vend.objects.all()}
    assert (inside.of_machine(world.machine, vends, books), verify()) == ([], [])
    assert set(KINDS) <= set(machine.counts)
    assert machine.starts > 1


def test_the_books_name_what_does_not_fit(world: World) -> None:
    """What the run looks for is found, such as what was acknowledged and is gone."""
    machine = ready(world, 1, 0.0)
    had = inside.had(world.account)
    vend = world.choose()
    for _turn in range(3):
        machine.turn()
    vends = {str(vend.pk): Vend.objects.get()}
    books = told(machine, world, had)
    assert inside.of_machine(world.machine, vends, books) == []
    wrong = {
        "a piece fell twice for one exchange": books | {"fallen": books["fallen"] * 2},
        "what fell is not what ended": books | {"fallen": []},
        "acknowledged and not there": books | {"chosen": [str(new_id())]},
    }
    for sentence, one in wrong.items():
        assert sentence in inside.of_machine(world.machine, vends, one)
    paid = books["people"][0] | {"has": (had[0] + 1, had[1])}
    assert [f"points of account {world.account}" in one for one in inside.of_machine(
        world.machine, vends, books | {"people": [paid]})] == [True]  # fmt: skip


def test_a_machine_apart_has_a_file_it_can_use_and_is_missed_when_its_program_ends(tmp_path: Path) -> None:
    class Nowhere:
        port, folder = 9, tmp_path

        @contextlib.contextmanager
        def agent(self, *words: str) -> Iterator[int]:
            with subprocess.Popen(["true"]) as process:
                yield process.pid

    people = [{"cookie": ["known", "kept"]}] * 2
    scene = Apart(Nowhere(), {"code": "TESTED", "key": "ab" * 32, "people": people}, 8, 9, Random(1), Counter())  # type: ignore[arg-type]
    scene.begin()
    scene.thread.join(20)
    read = settings.read(scene.file)
    assert (read.folder, read.port, read.server) == (scene.folder, scene.port, scene.proxy.address)
    assert "ended by itself" in scene.wrong
    scene.close()
