"""A partner's receiver: a real HTTP server on this machine that keeps what it is sent and answers as it is told."""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Call:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """``answers``: what the next calls get, the last one for all after it: (status, headers, seconds to wait)."""

    port: int = 0
    calls: list[Call] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], float]] = field(default_factory=lambda: [(204, {}, 0.0)])
    drip: bool = False
    asked: list[Call] = field(default_factory=list)
    welcome: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def will(self, *statuses: int, headers: dict[str, str] | None = None, wait: float = 0.0) -> None:
        self.answers = [(one, headers or {}, wait) for one in statuses]


def handler_for(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.calls.append(Call(self.path, headers, body))
            status, more, wait = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
            time.sleep(wait)
            with contextlib.suppress(OSError):
                self.answer(status, more)

        def do_OPTIONS(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.asked.append(Call(self.path, headers, b""))
            self.answer(200, receiver.welcome)

        def answer(self, status: int, more: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.end_headers()
            if receiver.drip:
                for _n in range(100):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.05)
            elif "Content-Length" in more:
                self.wfile.write(b"x" * int(more["Content-Length"]))

        def log_message(self, *_: Any) -> None:
            """Nothing on the tests' screen."""

    return Handler


class Quiet(ThreadingHTTPServer):
    daemon_threads = True
    context: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self.context is None:
            super().finish_request(request, client_address)
            return
        # in the thread of its own: a handshake that fails must not stop the listener
        with self.context.wrap_socket(request, server_side=True, do_handshake_on_connect=False) as safe:
            safe.do_handshake()
            super().finish_request(safe, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Those who hang up, and handshakes that fail, are what is tested."""


@contextlib.contextmanager
def receiving(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver()
    server = Quiet(("127.0.0.1", 0), handler_for(receiver))
    server.context = context
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def always(*addresses: str) -> Callable[[str, int], list[str]]:
    """A resolver that knows every host under these addresses."""
    return lambda host, port: list(addresses)
