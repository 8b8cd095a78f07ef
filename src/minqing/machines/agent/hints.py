"""What wakes the machine before its time: a hint by the broker, if there is one. Without it, it asks as ever.

The thread only sets a mark. A hint that comes while the machine asks is followed by one more question, a hundred of
them by one.
"""

from __future__ import annotations

import logging
import threading
from typing import Any, Final

from paho.mqtt.client import Client

from minqing.machines.formats.mqtt import ALIVE, Broker, client_of, topic_of

logger = logging.getLogger(__name__)
# pauses between attempts to reach the broker, in seconds
RETRY: Final = (1, 30)


class Hints:
    """``broker`` None: never connected, and nothing comes."""

    def __init__(self, broker: Broker | None, code: str) -> None:
        self.topic, self.woken, self.heard = topic_of(code), threading.Event(), threading.Event()
        self.client = client_where_it_can_be(broker) if broker else None
        if broker and self.client:
            self.client.on_connect, self.client.on_disconnect = self.connected, self.gone
            self.client.on_subscribe, self.client.on_message = self.subscribed, self.told
            self.client.reconnect_delay_set(*RETRY)
            self.client.connect_async(broker.host, broker.port, keepalive=ALIVE)
            self.client.loop_start()

    @property
    def there(self) -> bool:
        """Whether a hint would be heard now."""
        return self.heard.is_set()

    def take(self) -> bool:
        """Whether one came since the last time."""
        came = self.woken.is_set()
        self.woken.clear()
        return came

    def connected(self, client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if not reason.is_failure:
            client.subscribe(self.topic, qos=0)

    def subscribed(self, _client: Client, _data: Any, _mid: int, reasons: list[Any], _properties: Any) -> None:
        if not any(one.is_failure for one in reasons):
            self.heard.set()
            # what was said while it was away
            self.woken.set()

    def gone(self, *_told: Any) -> None:
        self.heard.clear()

    def told(self, _client: Client, _data: Any, _message: Any) -> None:
        """Whatever it says: nothing in it is read."""
        self.woken.set()

    def close(self) -> None:
        if self.client:
            self.client.disconnect()
            self.client.loop_stop()


def client_where_it_can_be(broker: Broker) -> Client | None:
    """None where the certificate cannot be read: the machine then asks each second, as without a broker."""
    try:
        return client_of(broker)
    except OSError as error:
        logger.warning("no hints: %s", type(error).__name__)
        return None
