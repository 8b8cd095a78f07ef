"""Hints by way of a broker: where it is, how one signs in there, and what a machine's topic is called.

A hint says that asking now is worth while, and nothing else: whoever forges, repeats or swallows one changes when a
machine asks, never what it is told. So it needs no signature, names nobody, and none is kept for who is away.
"""

from __future__ import annotations

import hashlib
import secrets
import ssl
from base64 import b64encode
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from minqing.machines.formats.signing import sign

TOPIC: Final = "minqing/machines/{code}/hint"
PORTS: Final = {"mqtt": 1883, "mqtts": 8883}
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# so long a broker has to take a connection, in seconds
TIMEOUT: Final = 3.0
# mosquitto_passwd's own; the passwords are 256 bits, which nobody guesses
ROUNDS: Final = 101
# a line that is dead is noticed after one and a half times as long, in seconds
ALIVE: Final = 20


@dataclass(frozen=True, slots=True)
class Broker:
    host: str
    port: int
    tls: bool
    user: str
    password: str
    # file of the authority that signed its certificate; empty: those that the system trusts
    authority: str = ""


def broker_at(address: str, *, user: str, password: str, authority: str = "") -> Broker:
    """Of ``mqtts://host[:port]``; ``mqtt://`` only on this computer. Raises ValueError for any other."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme not in PORTS or not host or (parts.scheme == "mqtt" and host not in LOOPBACK):
        raise ValueError(address)
    port = parts.port or PORTS[parts.scheme]
    return Broker(host, port, parts.scheme == "mqtts", user, password, authority)


def topic_of(code: str) -> str:
    return TOPIC.format(code=code)


def password_of(secret: str, code: str) -> str:
    """A machine's at the broker, made of its key: a new key has a new one, and it does not tell the key."""
    return sign(secret, "broker", code)


def password_line(user: str, password: str) -> str:
    """One of mosquitto's password file: PBKDF2 with SHA-512, as ``mosquitto_passwd`` of 2.0 writes it."""
    salt = secrets.token_bytes(12)
    hashed = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"{user}:$7${ROUNDS}${b64encode(salt).decode()}${b64encode(hashed).decode()}"


def client_of(broker: Broker) -> Client:
    """Not connected yet. Each start has an id of its own, so that two of one user do not throw each other out.

    Raises OSError where the authority's certificate cannot be read (``ssl.SSLError`` is one).
    """
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv311, clean_session=True)
    client.connect_timeout = TIMEOUT
    client.username_pw_set(broker.user, broker.password)
    if broker.tls:
        client.tls_set(ca_certs=broker.authority or None, cert_reqs=ssl.CERT_REQUIRED)
    return client
