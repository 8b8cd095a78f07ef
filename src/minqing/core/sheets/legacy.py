"""xls and ods, read as a whole by calamine, and therefore only up to a size."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import python_calamine
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import SheetError
from minqing.core.sheets.archive import protected
from minqing.core.sheets.cells import cell_text
from minqing.core.sheets.limits import Limits
from minqing.core.sheets.sources import Source, choose_sheet


def open_legacy(path: Path, sheet: str | None, limits: Limits) -> Source:
    if path.stat().st_size > limits.whole_bytes:
        raise SheetError(
            "sheet_too_large",
            _("A file of this old kind is too large to be read. Save it as .xlsx and try again."),
            http_status=413,
        )
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        visible = [meta.visible == python_calamine.SheetVisibleEnum.Visible for meta in book.sheets_metadata]
        name = choose_sheet(book.sheet_names, visible, sheet)
        found = book.get_sheet_by_name(name)
    except python_calamine.PasswordError as error:
        raise protected() from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise SheetError("sheet_damaged") from error
    return Source(name, _rows(found))


def _rows(sheet: python_calamine.CalamineSheet) -> Generator[list[str], None, None]:
    for row in sheet.to_python(skip_empty_area=False):
        yield [cell_text(value) for value in row]
