"""A look into a zip before anything is unpacked."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext_lazy as _

from minqing.core.errors import SheetError
from minqing.core.sheets.limits import Limits

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
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_sizes(entries, path.stat().st_size, limits)
            if any(entry.flag_bits & 1 for entry in entries):
                raise protected()
    except DAMAGED as error:
        raise SheetError("sheet_damaged") from error
    return [entry.filename for entry in entries]


def protected() -> SheetError:
    return SheetError("sheet_protected", _("This file is protected by a password. Save it without one and try again."))


def _check_sizes(entries: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > limits.entries or unpacked > limits.unpacked_bytes:
        raise too_large()
    if unpacked > limits.ratio_from_bytes and unpacked > packed * limits.ratio:
        raise too_large()
    streamed = ("xl/worksheets/", "xl/media/")
    if any(e.file_size > limits.part_bytes and not e.filename.startswith(streamed) for e in entries):
        raise too_large()
