"""Hints by a real broker (Debian's mosquitto) with the settings of deploy/: they wake, and change nothing."""

from __future__ import annotations

import gc
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from procrastinate.contrib.django.models import ProcrastinateJob
from typer.testing import CliRunner

from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.machines import carriers, checks, commands, services, tasks
from minqing.machines.agent import running, settings
from minqing.machines.agent.hints import Hints
from minqing.machines.formats.mqtt import Broker, broker_at, password_of, topic_of
from minqing.machines.listeners import HINTS, hint_of
from minqing.machines.models import Vend
from tests.browser.server import free_port
from tests.embedded import ROOT
from tests.machines.world import World
from tests.processes import until

pytestmark = pytest.mark.django_db
PASSWORD = "of this system"


def certificate(folder: Path) -> None:
    """Of 127.0.0.1, signed by itself: it is its own authority."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "minqing.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "minqing.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))


class Mosquitto:
    """The broker as deploy/ has it, on the loopback, with the passwords that the command writes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        certificate(folder)
        told = (ROOT / "deploy/mosquitto.conf").read_text(encoding="utf-8")
        told = told.replace("/etc/mosquitto/certs/", f"{folder}/").replace(
            "/etc/mosquitto/minqing", f"{folder}/minqing"
        )
        told = told.replace("listener 8883", f"listener {self.port} 127.0.0.1\nuser root\nlog_dest none")
        (folder / "minqing.acl").write_bytes((ROOT / "deploy/minqing.acl").read_bytes())
        (folder / "mosquitto.conf").write_text(told)

    def start(self) -> None:
        self.process = subprocess.Popen(["/usr/sbin/mosquitto", "-c", str(self.folder / "mosquitto.conf")])
        until(lambda: reached(self.at("minqing", PASSWORD)))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def address(self) -> str:
        return f"mqtts://127.0.0.1:{self.port}"

    def at(self, user: str, password: str) -> Broker:
        return broker_at(self.address, user=user, password=password, authority=str(self.folder / "minqing.pem"))


def reached(broker: Broker, *topics: str) -> bool:
    try:
        carriers.tell(broker, *topics)
    except carriers.NoBroker:
        return False
    return True


@pytest.fixture
def broker(world: World, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mosquitto]:
    monkeypatch.setattr(commands, "ready", lambda: None)
    monkeypatch.setattr(carriers, "rested", [])
    folder = tmp_path / "broker"
    folder.mkdir()
    made = Mosquitto(folder)
    settings.NOTIFY = settings.NOTIFY | {
        "mqtt_url": made.address, "mqtt_password": PASSWORD, "mqtt_ca": str(folder / "minqing.pem")
    }  # fmt: skip
    assert CliRunner().invoke(commands.app, ["passwords", str(folder / "minqing.passwords")]).exit_code == 0
    made.start()
    yield made
    made.kill()


@pytest.fixture
def hints(world: World, broker: Mosquitto) -> Iterator[Hints]:
    """The machine's ears, by its own file."""
    file = world.folder / "machine.toml"
    settings.write(file, server="http://testserver", code=world.machine.code, key=world.key, broker=broker.address)
    with file.open("a") as more:
        more.write(f'broker_ca = "{broker.folder / "minqing.pem"}"\n')
    ears = Hints(settings.read(file).broker, world.machine.code)
    until(lambda: ears.there)
    assert ears.take(), "what was said before it listened"
    yield ears
    ears.close()


def woken(hints: Hints, seconds: float = 30.0) -> bool:
    return running.rest(threading.Event(), hints, time.monotonic, seconds)


def test_what_is_chosen_is_told_to_the_machine_which_asks_and_gives_it_out(world: World, hints: Hints) -> None:
    vend = world.choose()
    for _twice in range(2):
        hint_of(Event.objects.get(type="machines.vend.reserved"))
    (job,) = ProcrastinateJob.objects.filter(task_name="machines.hint")
    assert job.args == {"code": world.machine.code}
    assert tasks.hint(**job.args)
    assert woken(hints)
    world.agent.hinted = hints.there
    world.turns()
    assert Vend.objects.get(pk=vend.pk).state == "done"
    assert world.machine.hinted is True
    world.stands()


def test_what_the_keeper_does_is_told_too_and_news_of_before_is_not(world: World, hints: Hints) -> None:
    clerk = world.cast.actor("clerk")
    services.unlock_machine(machine=services.lock_machine(machine=world.machine, by=clerk), by=clerk)
    jobs = ProcrastinateJob.objects.filter(task_name="machines.hint")
    for type in HINTS[1:]:
        event = Event.objects.filter(type=type).latest("seq")
        event.at -= timedelta(minutes=1)
        hint_of(event)
        assert not jobs.exists()
        event.at += timedelta(minutes=1)
        hint_of(event)
        assert jobs.count() == 1
        jobs.delete()


def test_hints_that_are_repeated_forged_or_late_make_it_ask_and_nothing_more(world: World, hints: Hints) -> None:
    """A hundred of one word, of a command that never was, of one that is over: one question, and the same answer."""
    vend = world.choose()
    world.turns()
    client = carriers.client_of(carriers.broker())  # type: ignore[arg-type]
    client.connect("127.0.0.1", carriers.broker().port)  # type: ignore[union-attr]
    client.loop_start()
    asked = len(world.wire.sent)
    for word in [
        b"",
        str(vend.pk).encode(),
        b'{"run": [{"id": "%s", "slot": 1}]}' % str(new_id()).encode(),
        b"\xff" * 99,
    ]:
        for _time in range(25):
            client.publish(topic_of(world.machine.code), word, qos=1).wait_for_publish(5)
    client.disconnect()
    client.loop_stop()
    while woken(hints, 1.0):
        world.agent.turn()
    # of a hundred not one each; how many pass together is the line's affair
    assert asked < len(world.wire.sent) <= asked + 20
    assert Vend.objects.count() == 1
    world.stands()


def test_a_broker_that_dies_in_the_middle_costs_nobody_anything(
    world: World, broker: Mosquitto, hints: Hints, caplog: pytest.LogCaptureFixture
) -> None:
    vend = world.choose()
    broker.kill()
    assert not tasks.hint(world.machine.code)
    assert "no hint to machines" in caplog.text
    # a second one does not wait for a broker that was not there a moment ago
    assert (not tasks.hint(world.machine.code), len(caplog.records)) == (True, 1)
    assert not checks.hints().well
    until(lambda: not hints.there)
    world.agent.hinted = hints.there
    world.turns()
    assert (Vend.objects.get(pk=vend.pk).state, world.machine.hinted) == ("done", False)
    world.stands()
    broker.start()
    until(lambda: hints.there)
    assert hints.take(), "what was said while it was away"
    assert checks.hints().well


def other(world: World) -> Broker:
    at: Any = carriers.broker()
    return replace(at, user=world.machine.code, password=password_of(world.key, world.machine.code))


REFUSED: dict[str, Callable[[Broker, World], Broker]] = {
    "nobody": lambda at, _world: replace(at, user="", password=""),
    "other password": lambda at, world: replace(at, user=world.machine.code),
    "machine's key itself": lambda at, world: replace(at, user=world.machine.code, password=world.key),
    "other authority": lambda at, _world: replace(at, authority=""),
}


# where the handshake fails paho leaves the closing of the socket to Python
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_who_is_not_known_is_not_let_in_and_a_machine_hears_its_own_topic_alone(world: World, hints: Hints) -> None:
    at: Any = carriers.broker()
    assert [name for name, who in REFUSED.items() if reached(who(at, world))] == []
    gc.collect()
    stranger = Hints(other(world), "OTHERS")
    until(lambda: stranger.there)
    stranger.take()
    # a machine says nothing, not even to itself; and what is said to others does not reach it
    reached(other(world), topic_of(world.machine.code), topic_of("OTHERS"))
    reached(at, topic_of("OTHERS"))
    assert not woken(stranger, 1.0)
    assert not hints.take()
    stranger.close()


def test_without_a_broker_nothing_is_said_and_a_wrong_one_is_refused(world: World, tmp_path: Path) -> None:
    world.choose()
    hint_of(Event.objects.get(type="machines.vend.reserved"))
    assert not ProcrastinateJob.objects.filter(task_name="machines.hint").exists()
    assert (carriers.hint(world.machine.code), checks.hints().well) == (False, True)
    assert CliRunner().invoke(commands.app, ["passwords", str(tmp_path / "list")]).exit_code == 2
    assert not Hints(None, "ANYONE").there
    # a certificate that is not there is no broker: neither the doctor nor the machine ends by it
    gone = broker_at("mqtts://127.0.0.1:1", user="A", password="p", authority=str(tmp_path / "none.pem"))
    with pytest.raises(carriers.NoBroker, match="FileNotFoundError"):
        carriers.tell(gone)
    assert not Hints(gone, "A").there
    for wrong in ("mqtt://broker.example", "https://broker.example", "mqtts://", "broker"):
        settings.write(tmp_path / "machine.toml", server="https://x", code="A", key="k", broker=wrong)
        with pytest.raises(settings.Unusable):
            settings.read(tmp_path / "machine.toml")
