"""The process in which a file that anybody may have made is read: ``python -m minqing.core.sheets.reading_process``.

It is asked in one line of JSON on its input and answers in lines of JSON: the sheet, its rows, the end; or an error.
It has no settings, no secrets and no database, writes no file, and ends with whoever asked it.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import resource
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.utils import translation

# before the limits are set, which count what is loaded all the same: a module that is half loaded for want of memory
# would call a good file damaged
from minqing.core.errors import SheetError
from minqing.core.sheets.headings import Field
from minqing.core.sheets.limits import Limits
from minqing.core.sheets.reading import read_rows

ROWS_AT_ONCE: Final = 500
CHARACTERS_AT_ONCE: Final = 200_000
# made beforehand: it is said when there is no memory left
COSTLY: Final = b'{"costly": true}\n'
LOCALE: Final = Path(__file__).resolve().parents[1] / "locale"


def main() -> None:
    asked = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=end_with_the_other, daemon=True).start()
    limit(asked["memory"], asked["seconds"])
    try:
        answer(asked)
    except MemoryError:
        # also while a module was loaded or an answer was put into words
        say(COSTLY)
    # nothing that was read needs to be taken down piece by piece
    os._exit(0)


def answer(asked: dict[str, Any]) -> None:
    settings.configure(USE_I18N=True, LANGUAGE_CODE=asked["language"], LOCALE_PATHS=[str(LOCALE)])
    apps.populate([])
    translation.activate(asked["language"])
    for message in answers(asked):
        say(json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")


def say(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def limit(memory: int, seconds: int) -> None:
    most = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
    }
    for what, amount in most.items():
        # not every system knows each
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (amount, amount + 5 if what == resource.RLIMIT_CPU else amount))


def end_with_the_other() -> None:
    """Its input is closed by whoever asked, or with it."""
    sys.stdin.buffer.read()
    os._exit(0)


def answers(asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    try:
        yield from read(asked)
    except SheetError as error:
        if isinstance(why := error.__cause__, OSError) and why.errno == errno.ENOMEM:
            # as what the file is looked at with said it
            raise MemoryError from error
        row = error.data.get("row")
        yield {"error": [error.code, str(error.sentence), error.http_status, {} if row is None else {"row": row}]}
    except MemoryError:
        raise
    except Exception as error:
        # its kind alone: what it says may hold what a cell says
        yield {"fault": type(error).__name__}


def read(asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    fields = [Field(name, keys, required, instead=instead) for name, keys, required, instead in asked["fields"]]
    sheet = read_rows(
        asked["path"],
        sheet=asked["sheet"],
        limits=Limits(**asked["limits"]),
        fields=fields,
        heading_row=asked["heading_row"],
        columns=asked["columns"],
    )
    yield {
        "name": sheet.name,
        "headings": sheet.headings,
        "heading_row": sheet.heading_row,
        "warnings": [str(warning) for warning in sheet.warnings],
        "from_1904": sheet.from_1904,
        "sheets": list(sheet.sheets),
    }
    for rows in together(sheet.rows):
        yield {"rows": rows}
    yield {"end": True}


def together(rows: Iterable[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    held: list[tuple[int, list[str]]] = []
    characters = 0
    for number, cells in rows:
        held.append((number, cells))
        characters += sum(map(len, cells))
        if len(held) >= ROWS_AT_ONCE or characters > CHARACTERS_AT_ONCE:
            yield held
            held, characters = [], 0
    if held:
        yield held


if __name__ == "__main__":
    main()
