"""The folder of imported files: random names, nothing of it reachable by an address, gone after thirty days."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import Invalid
from minqing.core.ids import random_token

MB = 1024 * 1024
UPLOAD_BYTES = 50 * MB
# an operator at the machine itself may bring more; core.sheets has the same limit
COMMAND_BYTES = 200 * MB
DAYS_KEPT = 30
_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class StoredFile(NamedTuple):
    """``name`` in the folder and the SHA-256 of the content, in hex."""

    name: str
    sha256: str


def folder() -> Path:
    path = Path(settings.VAR) / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(name: str) -> Path:
    return folder() / name


def fresh_name(suffix: str) -> str:
    return f"{random_token()}{suffix}"


def too_large(limit: int) -> Invalid:
    sentence = _("This file is larger than {limit} MB. Split it into several files and bring them one by one.")
    return Invalid("file_too_large", format_lazy(sentence, limit=limit // MB), http_status=413)


def keep(chunks: Iterable[bytes], *, limit: int) -> StoredFile:
    """Write what was sent under a random name. Its kind is seen from its first bytes, never from its name."""
    kept = StoredFile(fresh_name(".table"), "")
    digest, size = hashlib.sha256(), 0
    path = path_of(kept.name)
    try:
        with path.open("xb") as file:
            for chunk in chunks:
                if not size:
                    refuse_unknown(chunk)
                size += len(chunk)
                if size > limit:
                    raise too_large(limit)
                digest.update(chunk)
                file.write(chunk)
        if not size:
            raise Invalid("file_empty", _("This file is empty. Please choose the right one."))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return kept._replace(sha256=digest.hexdigest())


def refuse_unknown(start: bytes) -> None:
    """A workbook, an old workbook, or text; anything else is told at once and not after minutes of trying."""
    head = start[:4096]
    if not head or head.startswith((_ZIP, _OLE, *_MARKS)):
        return
    if b"\0" in head or sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head) > len(head) // 50:
        raise Invalid(
            "file_unknown",
            _("This is no table. Bring an Excel workbook (.xlsx, .xls), an .ods or a CSV file."),
        )


def remove(*names: str) -> None:
    for name in filter(None, names):
        path_of(name).unlink(missing_ok=True)


def show_progress(run: object, rows: int) -> None:
    """Rows done so far. A file, because a load of all or nothing shows nothing of its transaction till the end."""
    # two workers at one table: each writes a file of its own
    written = path_of(fresh_name(".progress"))
    written.write_text(str(rows))
    written.replace(path_of(f"{run}.progress"))


def progress_of(run: object) -> int:
    try:
        return int(path_of(f"{run}.progress").read_text())
    except (OSError, ValueError):
        return 0


def end_progress(run: object) -> None:
    with contextlib.suppress(OSError):
        path_of(f"{run}.progress").unlink()
