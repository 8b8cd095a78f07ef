"""XML out of a file that anybody may have made: without a document type, and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final
from xml.etree.ElementTree import Element, iterparse
from xml.parsers import expat

from minqing.core.errors import SheetError
from minqing.core.sheets.archive import too_large

# elements of what is small in every true workbook: its list of sheets, its relations; and of its styles and texts
FEW: Final = 100_000
MANY: Final = 20_000_000
# elements of one row, or of one text: 16,384 cells with some words in each
MOST_HELD: Final = 200_000
# one inside the other: a workbook has some ten
DEEPEST: Final = 256


class Plain:
    """Hands a stream on. A document type before the root element refuses the file, wherever it stands in it.

    No office program writes one; entities that blow up, or that read files, need one.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.looks: expat.XMLParserType | None = expat.ParserCreate()
        self.looks.StartDoctypeDeclHandler = self.refuse
        self.looks.StartElementHandler = self.begun

    def refuse(self, *_declared: object) -> None:
        raise SheetError("sheet_damaged")

    def begun(self, *_root: object) -> None:
        self.looks = None

    def read(self, size: int = -1) -> bytes:
        piece = self.stream.read(size)
        if self.looks is not None and piece:
            try:
                self.looks.Parse(piece, False)
            except expat.ExpatError:
                # whoever reads on meets the same, and says so
                self.looks = None
        return piece


def events_in(stream: IO[bytes]) -> Iterator[tuple[str, Element]]:
    """``start`` and ``end`` of every element, for a reader that forgets what it has read."""
    yield from iterparse(Plain(stream), events=("start", "end"))  # noqa: S314  # see Plain


def elements(stream: IO[bytes], *, most: int = FEW, whole: str = "") -> Iterator[tuple[str, Element]]:
    """The same with nothing kept of what has ended, save what is inside an element called ``whole`` until that ends.

    Raises too_large for more than ``most`` elements, and for more than 200,000 inside one that is kept.
    """
    above: list[Element] = []
    count = held = kept = 0
    for event, node in events_in(stream):
        if event == "start":
            count += 1
            above.append(node)
            if kept or (whole and node.tag.rpartition("}")[2] == whole):
                kept += 1
                held += 1
            if count > most or held > MOST_HELD or len(above) > DEEPEST:
                raise too_large()
            yield event, node
            continue
        yield event, node
        above.pop()
        kept -= bool(kept)
        if not kept:
            held = 0
            if above:
                above[-1].remove(node)
