"""A fake gateway for all carriers: a real HTTP server that keeps what it got and answers as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Request:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    """``wait`` seconds pass first; ``drop`` closes the connection without a word; ``drip`` sends a byte at a time."""

    status: int = 200
    body: bytes | dict[str, Any] = b"{}"
    wait: float = 0
    drop: bool = False
    drip: float = 0
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Answering = Callable[[Request], Reply]


@dataclass
class Gateway:
    """``answer`` is what it does with a request; ``seen`` is every request so far."""

    url: str
    answer: Answering = lambda request: Reply()
    seen: list[Request] = field(default_factory=list)

    def at(self, path: str) -> list[Request]:
        return [request for request in self.seen if request.path == path]

    @property
    def everything(self) -> str:
        """All that reached it, as text: where a canary must not be."""
        return "\n".join(
            f"{one.path} {one.query} {one.headers} {one.body.decode('utf-8', 'replace')} "
            f"{one.body.decode('unicode_escape', 'replace')}"
            for one in self.seen
        )


@contextmanager
def running() -> Iterator[Gateway]:
    gateway = Gateway("")

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
            length = int(self.headers.get("Content-Length") or 0)
            request = Request(
                self.command,
                address.path,
                query,
                {k.lower(): v for k, v in self.headers.items()},
                self.rfile.read(length),
            )
            gateway.seen.append(request)
            self.reply(gateway.answer(request))

        do_GET = do_POST = handle_any

        def reply(self, reply: Reply) -> None:
            time.sleep(reply.wait)
            if reply.drop:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.raw)))
            self.end_headers()
            for piece in (bytes([byte]) for byte in reply.raw) if reply.drip else (reply.raw,):
                self.wfile.write(piece)
                time.sleep(reply.drip)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Whoever asked has gone: that is what is tested."""

    server = Server(("127.0.0.1", 0), Handler)
    gateway.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
