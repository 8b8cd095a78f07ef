"""A file is read in a process of its own, with an end to its memory and its time (docs/decisions/0023)."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import SheetError
from minqing.core.sheets.headings import Field
from minqing.core.sheets.limits import DEFAULT, MB, Limits
from minqing.core.sheets.reading import Sheet

_PIECE: Final = 1 << 18
# of one line: the longest answer, which holds one row at least, and a row has a limit of its own
_LONGEST_LINE: Final = 64 * MB
# a busy machine gives a process a part of its time
_PATIENCE: Final = 3


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a reading may take. 700,000 rows in 28 MB take 55 seconds of the processor and 80 MB: a sixth of it.

    Time grows with the file, so that a small one that never ends is over soon.
    """

    memory: int = 1024 * MB
    seconds: int = 60
    seconds_a_mb: int = 10

    def time_for(self, size: int) -> int:
        return self.seconds + self.seconds_a_mb * size // MB


def too_costly() -> SheetError:
    return SheetError(
        "sheet_too_costly",
        _(
            "Reading this file takes far more time or memory than a file of its size needs, so it was stopped. Save it "
            "anew as .xlsx, or split it into several files, and try again."
        ),
        http_status=413,
    )


def read_rows_apart(
    path: str | Path,
    *,
    sheet: str | None = None,
    limits: Limits = DEFAULT,
    fields: Sequence[Field] = (),
    heading_row: int = 0,
    columns: Sequence[int] = (),
    bounds: Bounds = Bounds(),
) -> Sheet:
    """:func:`read_rows` for a file of somebody else: the same sheet, whose rows come while they are asked for.

    The other process ends when the rows end, when they are dropped, and when this process dies.
    """
    seconds = bounds.time_for(Path(path).stat().st_size)
    asked = {
        "path": str(path),
        "sheet": sheet,
        "limits": asdict(limits),
        "memory": bounds.memory,
        "seconds": seconds,
        "language": translation.get_language() or "en",
        "heading_row": heading_row,
        "columns": list(columns),
        "fields": [[one.name, sorted(one.keys()), one.required, one.instead] for one in fields],
    }
    messages = _messages(ReadingProcess(patience=seconds * _PATIENCE), asked)
    first = next(messages)
    return Sheet(**first, rows=_rows(messages))


def _rows(messages: Generator[dict[str, Any], None, None]) -> Iterator[tuple[int, list[str]]]:
    with closing(messages):
        for message in messages:
            yield from ((number, cells) for number, cells in message["rows"])


def _messages(process: ReadingProcess, asked: dict[str, Any]) -> Generator[dict[str, Any], None, None]:
    """What the other says until the end; its errors are raised here."""
    with closing(process):
        process.ask(asked)
        for line in process.lines():
            message = json.loads(line.decode("utf-8", "surrogatepass"))
            if "end" in message:
                return
            if "costly" in message:
                raise too_costly()
            if "fault" in message:
                raise RuntimeError(f"a table could not be read: {message['fault']}")
            if "error" in message:
                code, sentence, status, data = message["error"]
                raise SheetError(code, sentence, http_status=status, **data)
            yield message
        raise process.broken()


@dataclass
class ReadingProcess:
    """The other process: :mod:`minqing.core.sheets.reading_process`.

    ``patience``: seconds of waiting for it, all in all.
    """

    patience: float
    process: subprocess.Popen[bytes] = field(init=False)
    input: IO[bytes] = field(init=False)
    output: IO[bytes] = field(init=False)

    def __post_init__(self) -> None:
        # no secrets in its environment; a signal to the worker's group is not meant for it
        environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
        heard, self.input = pipe()
        self.output, says = pipe()
        with heard, says:
            self.process = subprocess.Popen(
                # -P: the folder it is started in is no place for modules
                [sys.executable, "-P", "-m", "minqing.core.sheets.reading_process"],
                stdin=heard,
                stdout=says,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )

    def ask(self, asked: dict[str, Any]) -> None:
        # whoever is gone already is met when it should answer
        with suppress(BrokenPipeError):
            self.input.write(json.dumps(asked).encode() + b"\n")

    def lines(self) -> Iterator[bytes]:
        held: list[bytes] = []
        length = 0
        while piece := self._piece(self.output.fileno()):
            *ended, rest = piece.split(b"\n")
            for line in ended:
                yield b"".join([*held, line])
                held, length = [], 0
            held.append(rest)
            length += len(rest)
            if length > _LONGEST_LINE:
                raise too_costly()

    def _piece(self, source: int) -> bytes:
        begun = time.monotonic()
        poll = select.poll()
        poll.register(source, select.POLLIN)
        ready = poll.poll(max(self.patience, 0) * 1000)
        self.patience -= time.monotonic() - begun
        if not ready:
            raise too_costly()
        return os.read(source, _PIECE)

    def broken(self) -> Exception:
        """Why it ended without having said so: it met a limit, or the system took its memory back."""
        code = self.process.wait()
        if code in {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT}:
            return too_costly()
        return RuntimeError(f"the reading of a table ended with {code}")

    def close(self) -> None:
        self.process.kill()
        self.input.close()
        self.output.close()
        self.process.wait()


def pipe() -> tuple[IO[bytes], IO[bytes]]:
    """Where it is read, and where it is written."""
    out, into = os.pipe()
    return os.fdopen(out, "rb", buffering=0), os.fdopen(into, "wb", buffering=0)
