"""The table of shared texts of an xlsx, kept small.

Excel puts every text of a workbook into one table, two million texts for a county's registry. As Python strings
in a list they took 430 MB of the 531 MB peak that openpyxl alone had; as one run of UTF-8 with offsets they
take what they have in characters.
"""

from __future__ import annotations

from array import array
from typing import Any, BinaryIO
from xml.etree.ElementTree import iterparse

from openpyxl.cell.text import Text
from openpyxl.packaging.manifest import Manifest
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

_ITEM = f"{{{SHEET_MAIN_NS}}}si"


class Texts:
    """As much of a list as the reader of cells asks for."""

    def __init__(self) -> None:
        self._ends = array("Q", [0])
        self._bytes = bytearray()

    def append(self, text: str) -> None:
        self._bytes += text.encode(errors="replace")
        self._ends.append(len(self._bytes))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._bytes[self._ends[place] : self._ends[place + 1]].decode()


class Reader(ExcelReader):
    """openpyxl's reader of workbooks with the small table."""

    package: Manifest
    shared_strings: Any

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as stream:
                self.shared_strings = _read(stream)


def _read(stream: BinaryIO) -> Texts:
    texts = Texts()
    # document types were refused before, so no entity can blow this up
    events = iterparse(stream, events=("start", "end"))  # noqa: S314
    _event, root = next(events)
    for event, node in events:
        if event == "end" and node.tag == _ITEM:
            text = Text.from_tree(node).content
            # as openpyxl does: the escape for a literal underscore
            texts.append(text.replace("x005F_", ""))
            root.clear()
    return texts
