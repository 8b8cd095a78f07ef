"""The address that machines call: signed, once, and bound to its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from minqing.core import clock
from minqing.machines.agent import screen as agent_screen
from minqing.machines.agent import settings
from minqing.machines.agent.link import PATH, SCHEME, Link, NoAnswer
from minqing.machines.demo import Machines
from minqing.machines.enums import Alarm, State
from minqing.machines.formats import screen
from minqing.machines.formats.signing import sign
from minqing.machines.models import Machine, Trouble, Vend
from minqing.machines.services import give_key
from minqing.machines.services.admitting import LATELY, STRAYS_IN_AN_HOUR, Message, has_clone, started
from minqing.org.queries import system_actor
from tests.architecture.matrix import HERE  # noqa: F401  # the house's matrix is read first
from tests.machines.matrix import row
from tests.machines.world import World, raising

pytestmark = [pytest.mark.django_db, pytest.mark.fault(14)]


def send(world: World, body: bytes = b"{}", **said: Any) -> int:
    status: int = signed(world, body, **said)[0]
    return status


def signed(
    world: World, body: bytes, *, key: str = "", counter: int = 900, code: str = "", boot: int = 0
) -> tuple[int, Mapping[str, str], bytes]:
    named = (code or world.machine.code, str(boot or world.agent.boot), world.agent.run, str(counter))
    signature = sign(key or world.key, "POST", PATH, *named, body=body)
    headers = {"Authorization": " ".join([SCHEME, *named, signature])}
    answer: tuple[int, Mapping[str, str], bytes] = world.wire.deliver(f"http://x{PATH}", body, headers)
    return answer


def test_another_key_another_machine_and_a_changed_body_are_refused(world: World) -> None:
    other = row(world.cast, world.cast.own)
    assert send(world, key="mqm_other") == 401
    assert send(world, code=other.code) == 401
    _address, _body, headers = world.wire.sent[-1]
    assert world.wire.deliver(f"http://x{PATH}", b'{"door": true}', headers)[0] == 401
    assert world.wire.deliver(f"http://x{PATH}", b"{}", {})[0] == 401
    assert world.wire.client.get(PATH).status_code == 405
    assert not Trouble.objects.exists()


MOST = 10**15 - 1


def test_who_has_the_key_cannot_shut_the_machine_out_for_good(world: World) -> None:
    world.turns(1)
    assert send(world, boot=MOST) == 423, "no machine starts so often"
    assert Trouble.objects.get(ended_at=None).alarm == Alarm.CLONE
    # as it once was: a number that no machine reaches is forgotten with the old key
    Machine.objects.filter(pk=world.machine.pk).update(boot=MOST)
    key = give_key(machine=world.machine, by=system_actor("test"))
    assert send(world, key=key) == 200
    assert Machine.objects.get(pk=world.machine.pk).boot == world.agent.boot
    assert not Trouble.objects.filter(ended_at=None).exists()


def test_who_starts_again_and_again_with_the_key_of_another_is_seen(world: World) -> None:
    world.turns(1)
    own, counter = world.agent.boot, Machine.objects.get(pk=world.machine.pk).counter
    # again and again within the hour: neither what was noticed nor what the other had counted is forgotten
    for time in range(1, STRAYS_IN_AN_HOUR + 1):
        assert send(world, boot=own + time, counter=10**9 + time) == 200
        assert send(world, boot=own, counter=counter + time) == (409 if time < STRAYS_IN_AN_HOUR else 423)
    assert Trouble.objects.get(ended_at=None).alarm == Alarm.CLONE
    # a machine that starts for once after a while has a clean slate
    Machine.objects.filter(pk=world.machine.pk).update(strays=1, former_strays=5, booted_at=clock.now() - LATELY)
    assert send(world, boot=own + 100, counter=10**9 + 100) == 200
    machine = Machine.objects.get(pk=world.machine.pk)
    assert (machine.strays, machine.former_strays) == (0, 0)


def test_a_machine_whose_power_flickers_for_days_is_no_second_one() -> None:
    at = clock.now()
    machine = Machine(boot=1, run="r1", booted_at=at)
    for boot in range(2, 2 * STRAYS_IN_AN_HOUR):
        # one was under way each time, and no hour went by between
        machine.strays, at = 1, at + LATELY * 0.9
        started(machine, Message("V", boot, f"r{boot}", boot, "", PATH, b""), at)
        assert not has_clone(machine)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b'"x"', b"\xff", b"[" * 5000])
def test_what_is_no_turn_is_answered_in_words(world: World, body: bytes) -> None:
    assert send(world, body) == 400


@pytest.mark.parametrize("warm", ["-127", "NaN", "1e99", '"NaN"', '"sNaN"', "Infinity", "null", "[]", "true", '"wärm"'])
def test_a_loose_sensor_costs_nobody_their_points(world: World, warm: str) -> None:
    vend = world.choose()
    world.wire.after = raising
    world.turns(1)
    good = f'{{"vend": "{vend.pk}", "told": "dropped", "reason": null}}'
    assert send(world, f'{{"temperature": {warm}, "reports": [{good}]}}'.encode()) == 200
    assert Vend.objects.get().state == State.DONE
    assert world.machine.temperature == 5


@pytest.mark.parametrize(
    "bad", ["1", "null", "{}", '{"vend": "x", "told": "dropped"}', '{"vend": 7, "told": "dropped"}',
            '{"vend": "01a229bf-6dc4-77c3-a7ac-ad09c3944590", "told": "eaten"}',
            '{"vend": "01a229bf-6dc4-77c3-a7ac-ad09c3944590", "told": ["dropped"]}'],
)  # fmt: skip
def test_a_report_that_nobody_understands_is_an_alarm_and_the_others_count(world: World, bad: str) -> None:
    vend = world.choose()
    world.wire.after = raising
    world.turns(1)
    good = f'{{"vend": "{vend.pk}", "told": "failed", "reason": "gremlins"}}'
    status, _headers, answer = signed(world, f'{{"reports": [{bad}, {good}]}}'.encode())
    assert status == 200
    assert (Vend.objects.get().state, Vend.objects.get().reason) == (State.FAILED, "")
    assert Trouble.objects.get().alarm == Alarm.UNREADABLE
    # or it would be said again each second
    named = json.loads(bad)
    if isinstance(named, dict) and isinstance(named.get("vend"), str):
        assert named["vend"] in json.loads(answer)["taken"]
    world.wire.after = lambda: None
    assert send(world, f'{{"reports": [{good}]}}'.encode(), counter=901) == 200
    assert not Trouble.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize(("body", "alarms"), [(b'{"reports": null}', 0), (b'{"reports": 1}', 1), (b"{}", 0)])
def test_no_reports_are_no_reason_to_refuse_a_turn(world: World, body: bytes, alarms: int) -> None:
    assert send(world, body) == 200
    assert Trouble.objects.count() == alarms


def test_an_answer_of_somebody_else_is_none(world: World) -> None:
    def forged(_address: str, _body: bytes, _headers: object) -> tuple[int, dict[str, str], bytes]:
        return 200, {"Minqing-Signature": sign("mqm_other", "answer")}, json.dumps({"now": 0}).encode()

    link = Link("http://x", "A", "mqm_key", forged)
    with pytest.raises(NoAnswer):
        link.turn({}, boot=1, run="r", counter=1)


def test_names_of_headers_come_in_any_case(world: World) -> None:
    def lowered(address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        status, answered, content = world.wire.deliver(address, body, headers)
        return status, {name.lower(): value for name, value in answered.items()}, content

    world.agent.link.send = lowered
    world.steady += 60
    world.turns(1)
    assert world.agent.online()


def test_alarms_begin_and_end_once(world: World) -> None:
    world.tray.state.write_text('{"temperature": 20, "door": true}')
    world.turns(2)
    assert sorted(Trouble.objects.filter(ended_at=None).values_list("alarm", flat=True)) == ["door", "temperature"]
    world.tray.state.write_text("{}")
    world.turns(2)
    assert not Trouble.objects.filter(ended_at=None).exists()
    assert Trouble.objects.count() == 2


def test_the_picture_changes_each_half_minute_and_is_of_this_machine_alone(world: World) -> None:
    first = world.agent.screen_code()
    world.steady += screen.SECONDS
    world.turns(1)
    world.agent.ahead = (world.agent.ahead or 0) + screen.SECONDS
    assert world.agent.screen_code() not in {"", first}
    assert screen.period_in(world.key, first) is not None
    assert screen.period_in("mqm_other", first) is None
    for wrong in ("", "-", "x-y", first + "0", "１-" + first, "f" * 3600, "f" * 3600 + "-0"):
        assert screen.period_in(world.key, wrong) is None
    assert world.wire.client.get(f"/v/{world.machine.code}/{'f' * 3600}").status_code == 410


def test_screen_and_text_show_the_same(world: World) -> None:
    assert "viewBox" in agent_screen.page(world.agent), "as large as its frame"
    page, text = agent_screen.page(world.agent), agent_screen.text(world.agent)
    for part in ("矿泉水", "15", agent_screen.address(world.agent)):
        assert part in page
        assert part in text
    world.steady += 60
    assert "/v/" not in agent_screen.text(world.agent)
    assert "/v/" not in agent_screen.page(world.agent)


def test_beside_a_demo_its_first_machine_runs_with_a_new_key_in_a_folder_of_its_own(
    world: World, tmp_path: Path
) -> None:
    command = Machines.beside(tmp_path / "beside", "http://127.0.0.1:8461", by=system_actor("demo"))
    config = Path(command[-1])
    read = settings.read(config)
    assert config.is_relative_to(tmp_path / "beside")
    assert (read.server, read.code) == ("http://127.0.0.1:8461", world.machine.code)
    assert read.port > 0
    assert send(world) == 401
    assert send(world, key=read.key) == 200
    # begun again it keeps its key, until somebody has made another
    for _time in range(2):
        Machines.beside(tmp_path / "beside", "http://127.0.0.1:8461", by=system_actor("demo"))
        assert settings.read(config).key == read.key
    give_key(machine=world.machine, by=system_actor("test"))
    Machines.beside(tmp_path / "beside", "http://127.0.0.1:8461", by=system_actor("demo"))
    assert settings.read(config).key != read.key
    # and a machine that never had one is given one
    Machine.objects.filter(pk=world.machine.pk).update(secret="")
    config.unlink()
    Machines.beside(tmp_path / "beside", "http://127.0.0.1:8461", by=system_actor("demo"))
    assert settings.read(config).key
