"""What carries a hint to a machine, by the broker of this deployment. Nothing waits for it and nothing hangs on it."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any, Final

from django.conf import settings

from minqing.machines.formats.mqtt import ALIVE, TIMEOUT, Broker, broker_at, client_of, topic_of

logger = logging.getLogger(__name__)
# after a broker that was not there, so long none is tried; machines ask by themselves meanwhile
REST: Final = 20.0
rested: list[float] = []


class NoBroker(Exception):
    """Not reached, or it does not let this deployment in; the words say which."""


def broker() -> Broker | None:
    """The one of this deployment; None where there is none."""
    address, user, password, authority = (
        str(settings.NOTIFY[f"mqtt_{name}"]) for name in ("url", "user", "password", "ca")
    )
    return broker_at(address, user=user, password=password, authority=authority) if address else None


def hint(code: str) -> bool:
    """Tell that machine to ask. False where no broker took it, which the next question makes good."""
    to = broker()
    if to is None or (rested and time.monotonic() < rested[0]):
        return False
    try:
        tell(to, topic_of(code))
    except NoBroker as error:
        rested[:] = [time.monotonic() + REST]
        logger.warning("no hint to machines: %s", error)
        return False
    rested.clear()
    return True


def tell(to: Broker, *topics: str) -> None:
    """Sign in, say it once on each, and be sure that it was taken: with none it only signs in. Raises NoBroker.

    A connection of its own, and an end to the waiting: it is a worker's time.
    """
    try:
        client = client_of(to)
    except OSError as error:
        raise NoBroker(type(error).__name__) from None
    answered, said = threading.Event(), list[Any]()

    def connected(_client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        said.append(reason)
        answered.set()

    client.on_connect = connected
    try:
        client.connect(to.host, to.port, keepalive=ALIVE)
        client.loop_start()
        if not answered.wait(TIMEOUT):
            raise NoBroker("it says nothing")
        if said[0].is_failure:
            raise NoBroker(str(said[0]))
        for topic in topics:
            sent = client.publish(topic, b"", qos=1)
            sent.wait_for_publish(TIMEOUT)
            if not sent.is_published():
                raise NoBroker("it took nothing")
    except (OSError, ValueError, RuntimeError) as error:
        raise NoBroker(type(error).__name__) from None
    finally:
        client.disconnect()
        client.loop_stop()
