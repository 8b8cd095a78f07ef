"""The events of an OpenDocument table that its reader asks for, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element

from minqing.core.sheets.markup import Events
from minqing.core.sheets.ods_cells import OFFICE, TABLE

SHEET, ROW, COLUMN = f"{TABLE}table", f"{TABLE}table-row", f"{TABLE}table-column"


def parts(stream: IO[bytes]) -> Iterator[Element]:
    """Sheets as they begin, columns and rows as they end, and the day from which days count; nothing is kept."""
    inside: list[Element] = []
    sheets = rows = 0
    events = Events(stream)
    for event, node in events:
        if event == "start":
            inside.append(node)
            sheets += node.tag == SHEET
            rows += node.tag == ROW
            # a table within a cell is no sheet
            if node.tag == SHEET and sheets == 1:
                yield node
            continue
        inside.pop()
        whole = sheets == 1 and (node.tag == COLUMN or (node.tag == ROW and rows == 1))
        if whole or node.tag == f"{TABLE}null-date":
            yield node
        sheets -= node.tag == SHEET
        rows -= node.tag == ROW
        if not rows and inside:
            del inside[-1][:]
            events.forget()


def repeats(node: Element, what: str) -> int:
    # less than once would take away from what is counted
    return max(int(node.get(f"{TABLE}number-{what}-repeated", "1")), 1)


def used_width(row: Element) -> int:
    """Columns up to the last cell that holds something; blank ones behind it do not count."""
    column = used = 0
    for cell in row:
        column += repeats(cell, "columns")
        if len(cell) or any(name.startswith(OFFICE) for name in cell.attrib):
            used = column
    return used
