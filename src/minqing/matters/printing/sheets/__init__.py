"""The print sheet 办理单 of a matter: which fields it has, and the one that comes with the software."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.documents.kinds import PrintSheet
from minqing.matters.printing.sheets.data import FIELDS, LISTS, sheet_data


def standard(language: str) -> bytes:
    # the maker of Word files takes its time to load: only where a template is asked for
    from minqing.matters.printing.sheets.standard import standard_template

    return standard_template(language)


HANDLING: Final = PrintSheet(
    code="matters",
    label=_("Handling sheet"),
    fields=FIELDS,
    lists=LISTS,
    standard=standard,
    page="matters/sheet.html",
    style=Path(__file__).parent.parent.parent / "static" / "matters" / "sheet.css",
)
__all__ = ["HANDLING", "sheet_data"]
