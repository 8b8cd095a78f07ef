"""The print sheet 办理单 of a matter: the same fields as Word, from the county's own template, and as PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from minqing.matters.sheets.data import sheet_data
from minqing.matters.sheets.paper import sheet_pdf
from minqing.matters.sheets.word import sheet_docx

# the end of the address → what makes the file
SHEETS: Final[Mapping[str, Callable[[Mapping[str, Any]], bytes]]] = {"docx": sheet_docx, "pdf": sheet_pdf}
__all__ = ["SHEETS", "sheet_data"]
