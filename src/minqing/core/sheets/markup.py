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
# between two elements. A cell of 32,767 characters takes 262 KB, each written as a number; a comment or an attribute
# costs expat its length squared
MOST_SILENT: Final = 512 * 1024
# what a row, or a text, may take in the file
MOST_HELD_BYTES: Final = 16 * 1024 * 1024


class Plain:
    """Hands a stream on, and counts what comes of it. A document type before the root element refuses the file,
    wherever it stands in it.

    No office program writes one; entities that blow up, or that read files, need one.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.silent = self.held = 0
        self.looks: expat.XMLParserType | None = expat.ParserCreate()
        self.looks.StartDoctypeDeclHandler = self.refuse
        self.looks.StartElementHandler = self.begun

    def refuse(self, *_declared: object) -> None:
        raise SheetError("sheet_damaged")

    def begun(self, *_root: object) -> None:
        self.looks = None

    def read(self, size: int = -1) -> bytes:
        piece = self.stream.read(size)
        self.silent += len(piece)
        self.held += len(piece)
        if self.silent > MOST_SILENT or self.held > MOST_HELD_BYTES:
            raise too_large()
        if self.looks is not None and piece:
            try:
                self.looks.Parse(piece, False)
            except expat.ExpatError:
                # whoever reads on meets the same, and says so
                self.looks = None
        return piece


class Events:
    """``start`` and ``end`` of every element, for a reader that says when it has forgotten what it has read.

    Raises too_large for more than 200,000 elements or 16 MB that were not forgotten, and for half a megabyte without
    an element.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._source = Plain(stream)
        self._held = 0

    def __iter__(self) -> Iterator[tuple[str, Element]]:
        source = self._source
        for event, node in iterparse(source, events=("start", "end")):  # noqa: S314  # see Plain
            source.silent = 0
            if event == "start":
                self._held += 1
                if self._held > MOST_HELD:
                    raise too_large()
            yield event, node

    def forget(self) -> None:
        self._held = self._source.held = 0


def elements(stream: IO[bytes], *, most: int = FEW, whole: str = "") -> Iterator[tuple[str, Element]]:
    """The same with nothing kept of what has ended, save what is inside an element called ``whole`` until that ends.

    Raises too_large for more than ``most`` elements, too.
    """
    above: list[Element] = []
    count = kept = 0
    events = Events(stream)
    for event, node in events:
        if event == "start":
            count += 1
            above.append(node)
            kept += bool(kept or (whole and node.tag.rpartition("}")[2] == whole))
            if count > most or len(above) > DEEPEST:
                raise too_large()
            yield event, node
            continue
        yield event, node
        above.pop()
        kept -= bool(kept)
        if not kept:
            events.forget()
            if above:
                above[-1].remove(node)
