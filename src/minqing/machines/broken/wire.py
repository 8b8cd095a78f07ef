"""The line between a machine and the server: it loses, repeats, changes and delays what it carries.

Of an earlier start of a machine at most one message is still under way, as of a device that asks one thing at a time:
two of them are what a copied key looks like, and lock the machine.
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter, deque
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Final

from minqing.machines.agent.link import CUT, PATH, over_http

Message = tuple[str, bytes, Mapping[str, str]]
Answer = tuple[int, Mapping[str, str], bytes]
KINDS: Final = (
    "message lost", "answer lost", "answer cut off", "answer changed", "message changed", "message twice",
    "message twice at once", "message late", "old message again",
)  # fmt: skip
KEPT: Final = 20
TAKEN: Final = 200


class Wire:
    """Of one machine. ``often``: the share of messages to which something happens; 0 once all is to be well."""

    def __init__(self, dice: Random, counts: Counter[str], *, often: float) -> None:
        self.dice, self.counts, self.often = dice, counts, often
        self.sent: deque[Message] = deque(maxlen=KEPT)
        # what has not arrived yet, and would come after others
        self.held: Message | None = None
        self.lock = threading.Lock()

    def __call__(self, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """As the machine sees it: an answer, or OSError where nothing came back."""
        with self.lock:
            return self.carried((address, body, headers))

    def carried(self, message: Message) -> Answer:
        kind = self.dice.choice(KINDS) if self.dice.random() < self.often else ""
        if kind:
            self.counts[kind] += 1
        if kind == "message lost":
            raise OSError(kind)
        if kind == "message late" and self.held is None:
            self.held = message
            raise OSError(kind)
        if kind == "message changed":
            address, body, headers = message
            return self.deliver((address, self.changed(body), headers))
        answer = self.twice(message) if kind.startswith("message twice") else self.deliver(message)
        if answer[0] == TAKEN:
            self.sent.append(message)
        self.arrive()
        if kind == "old message again" and self.sent:
            self.deliver(self.dice.choice(self.sent))
        if kind == "answer lost":
            raise OSError(kind)
        return self.damaged(kind, answer)

    def deliver(self, message: Message) -> Answer:
        return over_http(*message)

    def arrive(self) -> None:
        """What was held up comes now, after a later one."""
        held, self.held = self.held, None
        if held is not None:
            self.deliver(held)

    def twice(self, message: Message) -> Answer:
        """One of the two answers comes back; the other copy was refused."""
        found: list[Answer] = []

        def once() -> None:
            with contextlib.suppress(*CUT):
                found.append(self.deliver(message))

        both = [threading.Thread(target=once) for _copy in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        if not found:
            raise OSError("twice lost")
        return self.dice.choice(found)

    def damaged(self, kind: str, answer: Answer) -> Answer:
        status, headers, content = answer
        if kind == "answer cut off":
            return status, headers, content[: len(content) // 2]
        if kind == "answer changed":
            return status, headers, self.changed(content)
        return answer

    def changed(self, content: bytes) -> bytes:
        """One bit of it is another."""
        if not content:
            return content
        at = self.dice.randrange(len(content))
        return content[:at] + bytes([content[at] ^ 1 << self.dice.randrange(8)]) + content[at + 1 :]


class Proxy:
    """The same line for a machine in a process of its own: an address on 127.0.0.1 that leads to the server."""

    def __init__(self, wire: Wire, server: str) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                names = ("Authorization", "Content-Type")
                try:
                    status, headers, content = wire(server + PATH, body, {one: self.headers[one] for one in names})
                except CUT:
                    # whatever it was: the machine gets no answer
                    self.close_connection = True
                    return
                # a machine that was killed meanwhile reads none
                with contextlib.suppress(OSError):
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(content)))
                    for name, value in headers.items():
                        if name.lower() in {"minqing-signature", "content-type"}:
                            self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: the run's own figures are what counts."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
