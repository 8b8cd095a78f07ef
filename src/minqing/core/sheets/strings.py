"""The table of shared texts of an xlsx, kept small.

Excel puts every text of a workbook into one table, two million texts for a county's registry. As Python strings
in a list they took 430 MB of the 531 MB peak that openpyxl alone had; as one run of UTF-8 with offsets they
take what they have in characters.
"""

from __future__ import annotations

import re
from array import array
from typing import IO
from xml.etree.ElementTree import Element

from minqing.core.sheets.archive import too_large
from minqing.core.sheets.limits import DEFAULT, Limits
from minqing.core.sheets.markup import MANY, elements
from minqing.core.sheets.package import local

# ECMA-376 part 1, 22.9.2.19: what XML cannot hold, and a literal underscore before what looks like it
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def text_of(node: Element) -> str:
    """The text of ``<si>`` or ``<is>``: its runs together, without how they are read aloud."""
    parts: list[str] = []
    for child in node:
        if local(child.tag) == "t":
            parts.append(child.text or "")
        elif local(child.tag) == "r":
            parts += [one.text or "" for one in child if local(one.tag) == "t"]
    return unescaped("".join(parts))


class Texts:
    """As much of a list as the reader of cells asks for."""

    def __init__(self, most: int = DEFAULT.shared_bytes) -> None:
        self._most = most
        self._ends = array("Q", [0])
        self._bytes = bytearray()

    def append(self, text: str) -> None:
        self._bytes += text.encode(errors="replace")
        if len(self._bytes) > self._most:
            raise too_large()
        self._ends.append(len(self._bytes))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._bytes[self._ends[place] : self._ends[place + 1]].decode()


def read_texts(stream: IO[bytes], limits: Limits = DEFAULT) -> Texts:
    texts = Texts(limits.shared_bytes)
    for event, node in elements(stream, most=MANY, whole="si"):
        if event == "end" and local(node.tag) == "si":
            texts.append(text_of(node))
    return texts
