"""What may be called from here, and what may not, whatever it is called by."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.ssrf_guard import AddressRefused, Guard, NotSent, check_url, parse, post
from tests.partners.receiver import Receiver, always, receiving

LOOPBACK = Guard.of(["127.0.0.1/32"])
FORBIDDEN = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",  # noqa: S104
    "100.100.100.200", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1", "2002:7f00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "nonsense",
]  # fmt: skip


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def send(url: str, guard: Guard = LOOPBACK) -> int:
    return post(url, body=b"{}", headers={}, guard=guard).status


@pytest.mark.fault(42)
@pytest.mark.parametrize("address", FORBIDDEN)
def test_a_name_that_means_an_address_inside_is_refused_at_saving_and_at_sending(address: str) -> None:
    guard = Guard(resolver=always(address))
    with pytest.raises(AddressRefused):
        check_url("https://hook.example/", guard)
    with pytest.raises(AddressRefused):
        send("https://hook.example/", guard)


@pytest.mark.fault(42)
@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111"])
def test_one_address_inside_among_good_ones_is_enough_to_refuse(address: str) -> None:
    check_url("https://hook.example/", Guard(resolver=always(address)))
    with pytest.raises(AddressRefused):
        check_url("https://hook.example/", Guard(resolver=always(address, "10.0.0.1")))


@pytest.mark.fault(42)
@pytest.mark.parametrize(
    "url",
    [
        "http://hook.example/", "ftp://hook.example/", "file:///etc/passwd", "gopher://hook.example/",
        "//hook.example/", "hook.example", "", "https://", "https://user:word@hook.example/", "https://hook.example:0/",
        "https://hook.example:99999/", "https://hook.example/#part", "https://hook.example/\r\nX: y",
        "https://hook.example/a b", "https://hook.example\\@inside/", "https://[::1/", "https://hook..example/",
        "https://hook.example/路", "https://hook.example/" + "a" * 500,
    ],
)  # fmt: skip
def test_what_is_no_plain_address_of_a_host_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(url, Guard(resolver=always("93.184.216.34")))


@pytest.mark.fault(42)
@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost", "[::1]"])
def test_loopback_in_any_spelling_is_refused_by_the_system_s_own_resolver(host: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(f"https://{host}/", Guard())


@pytest.mark.fault(42)
def test_a_name_that_means_something_else_a_moment_later_leads_nowhere_new(receiver: Receiver) -> None:
    """DNS rebinding: asked once a call, and that answer is what is connected to."""
    answers = [["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]]
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    url = f"https://rebind.example:{receiver.port}/"
    guard = Guard(resolver=rebinding)
    check_url(url, guard)
    with pytest.raises(AddressRefused):
        send(url, guard)
    assert (len(asked), receiver.calls) == (2, [])


def test_the_county_s_own_networks_are_reached_where_the_operator_lists_them() -> None:
    guard = Guard.of(["10.32.0.0/16", " fd00:32::/32"])
    for address, may in [("10.32.7.7", True), ("10.33.0.1", False), ("fd00:32::1", True), ("fd00:33::1", False)]:
        assert guard.admits(ip_address(address)) is may
    listed = Guard.of(["0.0.0.0/0", "::/0"])
    for never in ("169.254.169.254", "224.0.0.1", "fe80::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"):
        assert not listed.admits(ip_address(never)), "whatever is listed"


def test_plain_http_is_for_a_listed_loopback_alone(receiver: Receiver) -> None:
    assert send(receiver.url) == 204
    with pytest.raises(AddressRefused):
        send(receiver.url, Guard())
    with pytest.raises(AddressRefused):
        check_url("http://10.32.0.1/", Guard.of(["10.32.0.0/16"]))


@pytest.mark.fault(42)
def test_no_redirect_is_followed(receiver: Receiver) -> None:
    receiver.will(302, headers={"Location": receiver.url + "/inside"})
    assert send(receiver.url) == 302
    assert len(receiver.calls) == 1


def test_a_proxy_of_the_environment_is_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert send(receiver.url) == 204


def test_the_answer_is_cut(receiver: Receiver) -> None:
    receiver.will(200, headers={"Content-Length": "3000000"})
    assert len(post(receiver.url, body=b"", headers={}, guard=LOOPBACK).body) == LOOPBACK.most


@pytest.mark.parametrize("drip", [False, True])
def test_a_peer_that_is_silent_or_drips_is_stopped_by_the_clock(receiver: Receiver, drip: bool) -> None:
    receiver.drip = drip
    receiver.will(200, wait=0.0 if drip else 3.0)
    with pytest.raises(NotSent) as caught:
        send(receiver.url, Guard(networks=LOOPBACK.networks, seconds=0.3))
    assert caught.value.kind == "timeout"


def test_nobody_there_is_told_apart_from_no_such_name() -> None:
    with receiving() as gone:
        url = gone.url
    with pytest.raises(NotSent) as caught:
        send(url)
    assert caught.value.kind == "connect"

    def unknown(host: str, port: int) -> list[str]:
        raise OSError

    with pytest.raises(NotSent) as caught:
        send("https://hook.example/", Guard(resolver=unknown))
    assert caught.value.kind == "dns"
    with pytest.raises(AddressRefused) as refused:
        check_url("https://hook.example/", Guard(resolver=unknown))
    assert refused.value.code == "address_unknown"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A key and a certificate for ``hook.example``, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hook.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hook.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(pem)
    return folder / "cert.pem", folder / "key.pem"


def test_the_connection_goes_to_the_checked_address_under_the_host_s_name(certificate: tuple[Path, Path]) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(*certificate)
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    with receiving(serving) as receiver:
        guard = Guard(networks=LOOPBACK.networks, resolver=always("127.0.0.1"), context=trusting)
        assert send(f"https://hook.example:{receiver.port}/x?y=1", guard) == 204
        (call,) = receiver.calls
        assert (call.path, call.headers["host"]) == ("/x?y=1", f"hook.example:{receiver.port}")
        for host, context in (("other.example", trusting), ("hook.example", ssl.create_default_context())):
            strict = Guard(networks=LOOPBACK.networks, resolver=always("127.0.0.1"), context=context)
            with pytest.raises(NotSent) as caught:
                send(f"https://{host}:{receiver.port}/", strict)
            assert caught.value.kind == "tls"
        assert len(receiver.calls) == 1


def test_a_chinese_host_name_is_asked_for_as_dns_knows_it() -> None:
    assert parse("https://民情.cn/").host == "xn--feu74w.cn"


@given(st.ip_addresses())
def test_nothing_is_admitted_that_is_not_a_global_address(address: object) -> None:
    parsed = ip_address(str(address))
    if Guard().admits(parsed):
        assert parsed.is_global
        assert not parsed.is_multicast
