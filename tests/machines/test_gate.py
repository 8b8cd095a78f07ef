"""The address that machines call: signed, once, and bound to its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from minqing.machines.agent import screen as agent_screen
from minqing.machines.agent.link import PATH, SCHEME, Link, NoAnswer
from minqing.machines.formats import screen
from minqing.machines.formats.signing import sign
from minqing.machines.models import Trouble
from tests.architecture.matrix import HERE  # noqa: F401  # the house's matrix is read first
from tests.machines.matrix import row
from tests.machines.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.fault(14)]


def send(world: World, body: bytes = b"{}", *, key: str = "", counter: int = 900, code: str = "", boot: int = 0) -> int:
    named = (code or world.machine.code, str(boot or world.agent.boot), world.agent.run, str(counter))
    signature = sign(key or world.key, "POST", PATH, *named, body=body)
    headers = {"Authorization": " ".join([SCHEME, *named, signature])}
    status: int = world.wire.deliver(f"http://x{PATH}", body, headers)[0]
    return status


def test_another_key_another_machine_and_a_changed_body_are_refused(world: World) -> None:
    other = row(world.cast, world.cast.own)
    assert send(world, key="mqm_other") == 401
    assert send(world, code=other.code) == 401
    _address, _body, headers = world.wire.sent[-1]
    assert world.wire.deliver(f"http://x{PATH}", b'{"door": true}', headers)[0] == 401
    assert world.wire.deliver(f"http://x{PATH}", b"{}", {})[0] == 401
    assert world.wire.client.get(PATH).status_code == 405
    assert not Trouble.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"reports": 1}', b'{"reports": [{"vend": "x", "told": "dropped"}]}', b'{"temperature": "NaN"}',
     b'{"temperature": 1e99}', b'{"reports": [{"vend": "01a229bf-6dc4-77c3-a7ac-ad09c3944590", "told": "eaten"}]}',
     b"\xff", b"[" * 5000],
)  # fmt: skip
def test_what_cannot_be_read_is_answered_in_words(world: World, body: bytes) -> None:
    assert send(world, body) == 400


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
    for wrong in ("", "-", "x-y", first + "0", "１-" + first):
        assert screen.period_in(world.key, wrong) is None


def test_screen_and_text_show_the_same(world: World) -> None:
    assert "viewBox" in agent_screen.page(world.agent), "as large as its frame"
    page, text = agent_screen.page(world.agent), agent_screen.text(world.agent)
    for part in ("矿泉水", "15", agent_screen.address(world.agent)):
        assert part in page
        assert part in text
    world.steady += 60
    assert "/v/" not in agent_screen.text(world.agent)
    assert "/v/" not in agent_screen.page(world.agent)
