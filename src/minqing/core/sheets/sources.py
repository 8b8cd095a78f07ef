"""What every reader hands over: the rows of one sheet from the very first, as text."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import SheetError
from minqing.core.sheets.limits import Limits

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(slots=True)
class Source:
    """``rows`` yields every row, blank ones too, so that counting them gives the row numbers of the file."""

    name: str
    rows: Generator[list[str], None, None]
    warnings: list[StrOrPromise] = field(default_factory=list)
    # days are counted from 1904 on, as old Macintosh workbooks do
    from_1904: bool = False
    # what a person may choose among, in the file's order
    sheets: Sequence[str] = ()


def of_an_old_kind(path: Path, limits: Limits) -> None:
    """xls and ods are taken up to a smaller size: the one is read as a whole, the other twice."""
    if path.stat().st_size > limits.whole_bytes:
        raise SheetError(
            "sheet_too_large",
            _("A file of this old kind is too large to be read. Save it as .xlsx and try again."),
            http_status=413,
        )


# how many of the columns that are looked for the first rows of a sheet name
Fit: TypeAlias = Callable[[Iterable[Sequence[str]]], int]


def choose_sheet(
    names: Sequence[str], visible: Sequence[bool], wanted: str | None, fits: Callable[[str], int] = lambda name: 0
) -> str:
    """The sheet called ``wanted``, else of those that are not hidden the one that fits best, the first of equals."""
    if wanted is not None:
        if wanted not in names:
            raise SheetError(
                "sheet_missing",
                format_lazy(_("There is no sheet called “{name}” in this file."), name=wanted),
            )
        return wanted
    shown = [name for name, seen in zip(names, visible, strict=True) if seen] or list(names)
    if not shown:
        raise SheetError("sheet_empty", _("There are no rows in this file."))
    return max(shown, key=fits) if len(shown) > 1 else shown[0]
