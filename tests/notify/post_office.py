"""A mail server of the tests' own: takes letters by SMTP and keeps them, or refuses the recipient."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default


@dataclass
class PostOffice:
    port: int = 0
    to_recipient: str = "250 ok"
    # what is said to a command instead
    answers: dict[str, str] = field(default_factory=dict)
    letters: list[Message] = field(default_factory=list)


@contextmanager
def open_for_mail() -> Iterator[PostOffice]:
    office = PostOffice()

    class Counter(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 post office")
            for raw in self.rfile:
                word = raw.split(b" ")[0].strip().upper()
                if other := office.answers.get(word.decode()):
                    self.say(other)
                elif word == b"DATA":
                    self.letter()
                elif word == b"QUIT":
                    return self.say("221 bye")
                else:
                    self.say(office.to_recipient if word == b"RCPT" else "250 ok")
            return None

        def letter(self) -> None:
            self.say("354 go on")
            lines = iter(self.rfile.readline, b".\r\n")
            office.letters.append(message_from_bytes(b"".join(lines), policy=default))
            self.say("250 taken")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Whoever brought it has gone."""

    server = Server(("127.0.0.1", 0), Counter)
    office.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield office
    finally:
        server.shutdown()
        server.server_close()
