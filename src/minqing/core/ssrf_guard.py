"""Requests to addresses that somebody typed in, kept from reaching what lies inside (SSRF).

The host is resolved once, every address it has is looked at, and the connection goes to exactly one of those: a name
that means something else a moment later (DNS rebinding) leads nowhere new. No redirect is followed, no proxy of the
environment is used, the answer is capped, and the whole takes no longer than :attr:`Guard.seconds`.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from minqing.core.errors import Invalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Sequence[str]]
# an IPv4 address in the clothes of IPv6: mapped, compatible, NAT64 (RFC 6052, 8215), Teredo, 6to4
TRANSLATING = tuple(
    IPv6Network(one) for one in ("::ffff:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")
)
LONGEST_URL = 500


class AddressRefused(Invalid):
    """An address that must not be called."""

    default_code = "address_refused"
    default_sentence = _("This address cannot be used: it must begin with https:// and be reachable from the internet.")


class NotSent(Exception):
    """Nothing came back. ``kind`` says why in a word: dns, connect, tls, timeout, protocol."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(kind)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, the body cut at :attr:`Guard.most` bytes; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart: whom to ask, and what for."""

    host: str
    port: int
    path: str
    tls: bool


@cache
def trusting() -> ssl.SSLContext:
    """Whom the machine trusts; a county's own authority is named by ``SSL_CERT_FILE``. Read once: it takes a while."""
    return ssl.create_default_context()


def system_resolver(host: str, port: int) -> list[str]:
    """All addresses of ``host``; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True)
class Guard:
    """What may be reached. ``networks`` are private ones of the county that may be reached too.

    Loopback listed there may be called by plain http, for a receiver on the same machine; nothing else ever is.
    """

    networks: Sequence[Network] = ()
    resolver: Resolver = system_resolver
    seconds: float = 10.0
    most: int = 64 * 1024
    context: ssl.SSLContext | None = None

    @classmethod
    def of(cls, networks: Iterable[str]) -> Guard:
        """With networks as they are written (``10.32.0.0/16``)."""
        return cls(networks=[ip_network(one.strip()) for one in networks if one.strip()])

    def admits(self, address: Address) -> bool:
        """Whether an address may be connected to. Link-local, multicast and translated ones never are."""
        if address.is_link_local or address.is_multicast or address.is_unspecified:
            return False
        if isinstance(address, IPv6Address) and not address.is_loopback and disguised(address):
            return False
        if any(address in one for one in self.networks):
            return True
        return address.is_global and not address.is_reserved

    def addresses_of(self, target: Target) -> list[Address]:
        """The addresses of the target, each looked at. Raises AddressRefused if one is, ``NotSent("dns")``."""
        try:
            found = [ip_address(one) for one in self.resolver(target.host, target.port)]
        except (OSError, UnicodeError):
            raise NotSent("dns") from None
        except ValueError:
            raise AddressRefused() from None
        if not found:
            raise NotSent("dns")
        if not all(self.admits(one) and (target.tls or one.is_loopback) for one in found):
            raise AddressRefused()
        return found


def disguised(address: IPv6Address) -> bool:
    return address.is_site_local or any(address in one for one in TRANSLATING)


def parse(url: str) -> Target:
    """Take an address apart; raises AddressRefused for anything but a plain http(s) address of a host."""
    try:
        parts = urlsplit(url)
        tls, port = parts.scheme == "https", parts.port
        # the name as DNS and TLS know it: 民情.example as xn--…
        name = parts.hostname or ""
        host = name if ":" in name else name.encode("idna").decode("ascii")
    except ValueError:
        raise AddressRefused() from None
    wrong = parts.scheme not in {"https", "http"} or not host or "@" in parts.netloc or parts.fragment or port == 0
    if wrong or len(url) > LONGEST_URL or not url.isprintable() or " " in url or "\\" in url:
        raise AddressRefused()
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise AddressRefused()
    return Target(host=host, port=port or (443 if tls else 80), path=path, tls=tls)


def check_url(url: str, guard: Guard) -> None:
    """Whether the address may be kept: it is looked at again with each call. Raises AddressRefused."""
    try:
        guard.addresses_of(parse(url))
    except NotSent:
        raise AddressRefused("address_unknown", _("This host name is not known. Check the address.")) from None


def post(url: str, *, body: bytes, headers: Mapping[str, str], guard: Guard) -> Answer:
    """POST ``body``; see :func:`send`."""
    return send("POST", url, body=body, headers=headers, guard=guard)


def send(method: str, url: str, *, body: bytes, headers: Mapping[str, str], guard: Guard) -> Answer:
    """Send ``body``. Raises AddressRefused before anything is sent, NotSent when no answer came."""
    target = parse(url)
    last = NotSent("connect")
    for address in guard.addresses_of(target)[:2]:
        try:
            return exchange(Pinned(target, address, guard), method, target, body, headers, guard)
        except NotSent as failed:
            last = failed
            if failed.kind != "connect":
                break
    raise last


class Pinned(http.client.HTTPConnection):
    """A connection to one address under the host's name."""

    def __init__(self, target: Target, address: Address, guard: Guard) -> None:
        super().__init__(target.host, target.port, timeout=guard.seconds)
        self.default_port = 443 if target.tls else 80
        self.target, self.address, self.guard = target, address, guard
        self.overdue = threading.Event()
        # kept apart: http.client forgets its socket as soon as an answer begins that ends with the connection
        self.wire: socket.socket | None = None

    def connect(self) -> None:
        try:
            self.sock = socket.create_connection((str(self.address), self.port), self.timeout)
        except TimeoutError:
            raise
        except OSError:
            raise NotSent("connect") from None
        if self.target.tls:
            context = self.guard.context or trusting()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
        self.wire = self.sock

    def cut(self) -> None:
        """Break the exchange off from another thread: what waits for the other side wakes up with an error."""
        self.overdue.set()
        if self.wire is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self.wire, socket.SHUT_RDWR)


def exchange(
    connection: Pinned, method: str, target: Target, body: bytes, headers: Mapping[str, str], guard: Guard
) -> Answer:
    # time-outs of a socket count from byte to byte; a peer that drips is stopped by the clock
    watch = threading.Timer(guard.seconds, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request(method, target.path, body=body, headers={"User-Agent": "Minqing", **headers})
        with contextlib.closing(connection.getresponse()) as response:
            told = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, told, response.read(guard.most))
    except (http.client.HTTPException, OSError, ValueError) as error:
        raise NotSent(kind_of(error, late=connection.overdue.is_set())) from None
    finally:
        watch.cancel()
        connection.close()
    if connection.overdue.is_set():
        raise NotSent("timeout")
    return answer


def kind_of(error: Exception, *, late: bool) -> str:
    if late or isinstance(error, TimeoutError):
        return "timeout"
    return "tls" if isinstance(error, ssl.SSLError) else "protocol"
