"""A look into a zip before anything is unpacked."""

from __future__ import annotations

import mmap
import zipfile
import zlib
from pathlib import Path
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext_lazy as _

from minqing.core.errors import SheetError
from minqing.core.sheets.limits import Limits

_ENTRY = b"PK\x01\x02"
# what a broken zip or workbook lets out of zipfile, zlib, expat and openpyxl
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    ArithmeticError,
    NotImplementedError,
    RuntimeError,
)


def too_large() -> SheetError:
    return SheetError(
        "sheet_too_large",
        _("This file is too large or unpacks to far too much. Split it into several files."),
        http_status=413,
    )


def inspect(path: Path, limits: Limits) -> list[str]:
    """Names in the zip at ``path``, once its declared sizes are harmless. Reads the directory only.

    A directory that lies is met later: Python's ``zipfile`` stops at the declared size, finds the checksum
    wrong and raises.
    """
    try:
        _count_entries(path, limits)
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_sizes(entries, path.stat().st_size, limits)
            if any(entry.flag_bits & 1 for entry in entries):
                raise protected()
            # no office program writes another: what lzma asks for in memory stands in the file itself
            if any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries):
                raise SheetError("sheet_damaged")
    except DAMAGED as error:
        raise SheetError("sheet_damaged") from error
    return [entry.filename for entry in entries]


def _count_entries(path: Path, limits: Limits) -> None:
    """A directory of a million empty entries is a gigabyte once it has been read: each begins with a mark."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        count, place = 0, content.find(_ENTRY)
        while place >= 0:
            count += 1
            if count > 2 * limits.entries:
                raise too_large()
            place = content.find(_ENTRY, place + len(_ENTRY))


def protected() -> SheetError:
    return SheetError("sheet_protected", _("This file is protected by a password. Save it without one and try again."))


def unpacked(path: Path) -> int:
    """What a file unpacks to: of a zip that was inspected as its directory says."""
    if not zipfile.is_zipfile(path):
        return path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def _check_sizes(entries: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > limits.entries or unpacked > limits.unpacked_bytes:
        raise too_large()
    if unpacked > limits.ratio_from_bytes and unpacked > packed * limits.ratio:
        raise too_large()
    streamed = ("xl/worksheets/", "xl/media/")
    if any(e.file_size > limits.part_bytes and not e.filename.startswith(streamed) for e in entries):
        raise too_large()
