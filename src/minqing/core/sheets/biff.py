"""What of an old workbook (MS-XLS, BIFF 5 and 8) is handed to xlrd: cells, texts, number formats, and nothing else.

Left to itself xlrd works out the formulas behind names, spreads a link over every cell of its range and is stopped by
a colour that is not there; a small file can take all memory in that way. So every other record is made one that it
passes over, in its place, because sheets are found by their distance from the beginning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import pack_into, unpack_from
from typing import Final

_BOF, _END, _CONTINUE, _BOUND_SHEET, _MANY_NUMBERS, _PASSED_OVER = 0x809, 0x0A, 0x3C, 0x85, 0xBD, 0x0FF0
_SHARED_TEXTS: Final = 0xFC
# number, label, rich label, shared label, RK, formula, truth or error
_CELLS: Final = frozenset({0x203, 0x204, 0xD6, 0xFD, 0x27E, 0x06, 0x206, 0x406, 0x205, _MANY_NUMBERS})
# end, code page, epoch, password, sheet, number format, style, shared texts, text of a formula, shared formulas
_OTHERS: Final = frozenset(
    {_BOF, 0x0A, 0x42, 0x22, 0x2F, _BOUND_SHEET, 0x41E, 0xE0, 0xFC, 0x207, 0x221, 0x4BC, 0x236, 0x37, 0xB7}
)


@dataclass(slots=True)
class Records:
    """``content`` as xlrd may have it, how many cells and shared texts it will hold, and whether every sheet begins
    where it says, outside of every other: else each would hold the cells of all behind it.

    A row is held from its first column to its last, so that one cell far to the right takes as much as all.
    """

    content: bytearray
    cells: int = 0
    begins: set[int] = field(default_factory=set)
    sheets: list[int] = field(default_factory=list)
    texts: int = 0

    @property
    def sound(self) -> bool:
        return self.begins.issuperset(self.sheets) and len(set(self.sheets)) == len(self.sheets)


def only_cells(stream: bytes) -> Records:
    made = Records(bytearray(stream))
    content, place, kept, inside = made.content, 0, False, 0
    row, width = -1, 0
    while place + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, place)
        if kind in _CELLS and place + 8 <= len(stream):
            line, column = unpack_from("<HH", stream, place + 4)
            if line != row:
                made.cells += width
                row, width = line, 0
            width = max(width, column + ((length - 6) // 6 if kind == _MANY_NUMBERS else 1))
            kept = True
        elif kind != _CONTINUE:
            kept = kind in _OTHERS
            if kind == _BOF:
                # a chart within a sheet has a beginning and an end, too
                if not inside:
                    made.begins.add(place)
                inside += 1
            elif kind == _END:
                inside = max(inside - 1, 0)
            elif kind == _SHARED_TEXTS and place + 12 <= len(stream):
                made.texts = max(made.texts, unpack_from("<I", stream, place + 8)[0])
            elif kind == _BOUND_SHEET:
                made.sheets += unpack_from("<I", stream, place + 4)
        if not kept:
            pack_into("<H", content, place, _PASSED_OVER)
        place += 4 + length
    made.cells += width
    return made
