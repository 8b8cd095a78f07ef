"""The parts of an Office Open XML workbook (ECMA-376), found as the standard says: by relations, never by their names.

Tags are known by their local names, so that Strict Open XML, which has other namespaces, is read as well. What only
decorates (fills, fonts, properties of the document) is not looked at, and so can refuse nothing.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from minqing.core.errors import SheetError
from minqing.core.sheets.archive import DAMAGED, too_large
from minqing.core.sheets.markup import MANY, elements
from minqing.core.sheets.number_formats import BUILT_IN

OFFICE: Final = "officedocument"
# a workbook has 64,000 at the most
MOST_STYLES: Final = 100_000
MOST_IN_FORMAT: Final = 255
MOST_PAGES: Final = 250
# what is kept of a list of sheets, relations or styles is kept in memory
SMALL_BYTES: Final = 64 * 1024 * 1024


def local(tag: str) -> str:
    return tag.rpartition("}")[2]


def attribute(node: Element, name: str) -> str:
    """The attribute in whatever namespace."""
    return next((value for key, value in node.attrib.items() if local(key) == name), "")


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of the workbook, and the part it lies in."""

    name: str
    visible: bool
    part: str


@dataclass
class Package:
    """``pages`` in their order; ``formats``: number format by style; days are counted from 1904 on or from 1900."""

    archive: zipfile.ZipFile
    pages: list[Page] = field(default_factory=list)
    from_1904: bool = False
    texts: str = ""
    formats: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> Package:
        """Raises LookupError where there is no workbook in it."""
        found = cls(archive)
        found.names = {name.lower(): name for name in archive.namelist()}
        book = found.related("", OFFICE)[0][1]
        relations = {id: (kind, part) for id, part, kind in found.relations(book)}
        root = ""
        for node in found.nodes(book):
            root = root or local(node.tag)
            if local(node.tag) == "workbookPr":
                found.from_1904 = node.get("date1904") in {"1", "true", "on"}
            elif local(node.tag) == "sheet":
                kind, part = relations.get(attribute(node, "id"), ("", ""))
                if kind == "worksheet":
                    visible = node.get("state", "visible") == "visible"
                    found.pages.append(Page(node.get("name", ""), visible, part))
                    # each may be looked at for the one whose headings fit
                    if len(found.pages) > MOST_PAGES:
                        raise too_large()
        if root != "workbook":
            raise LookupError(root)
        found.texts = next((part for kind, part in relations.values() if kind == "sharedstrings"), "")
        found.formats = found.styles(next((part for kind, part in relations.values() if kind == "styles"), ""))
        return found

    names: dict[str, str] = field(default_factory=dict)

    def open(self, part: str) -> IO[bytes]:
        """Names of parts do not differ by upper and lower case (OPC, 6.2.2.3). LookupError for none."""
        return self.archive.open(self.names[part.lower()])

    def open_small(self, part: str) -> IO[bytes]:
        if self.size(part) > SMALL_BYTES:
            raise too_large()
        return self.open(part)

    def size(self, part: str) -> int:
        """What it unpacks to, as its entry says."""
        return self.archive.getinfo(self.names[part.lower()]).file_size

    def nodes(self, part: str) -> Iterator[Element]:
        """Every element as it begins, with its attributes."""
        with self.open_small(part) as stream:
            yield from (node for event, node in elements(stream) if event == "start")

    def relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Id, part and kind (the last word of its type, small) of what ``part`` points to within the file."""
        folder, name = posixpath.split(part)
        beside = posixpath.join(folder, "_rels", f"{name}.rels")
        if beside.lower() not in self.names:
            return
        for node in self.nodes(beside):
            if local(node.tag) == "Relationship" and node.get("TargetMode") != "External":
                target = unquote(node.get("Target", "")).replace("\\", "/")
                whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                yield node.get("Id", ""), whole, node.get("Type", "").rpartition("/")[2].lower()

    def related(self, part: str, kind: str) -> list[tuple[str, str]]:
        found = [(id, target) for id, target, one in self.relations(part) if one == kind]
        if not found:
            raise LookupError(kind)
        return found

    def styles(self, part: str) -> list[str]:
        """The code of the number format of each cell style, in their order."""
        if not part or part.lower() not in self.names:
            return []
        own: dict[str, str] = {}
        used: list[str] = []
        within = False
        with self.open_small(part) as stream:
            for event, node in elements(stream, most=MANY):
                name = local(node.tag)
                if name == "cellXfs":
                    within = event == "start"
                elif event == "start" and name == "numFmt":
                    # no program writes a longer one, and none is read in the time of a short one
                    own[node.get("numFmtId", "")] = node.get("formatCode", "")[:MOST_IN_FORMAT]
                elif event == "start" and name == "xf" and within:
                    used.append(node.get("numFmtId", "0"))
                if max(len(own), len(used)) > MOST_STYLES:
                    raise too_large()
        return [own.get(one) or BUILT_IN.get(one, "") for one in used]


def is_workbook(archive: zipfile.ZipFile) -> bool:
    try:
        Package.of(archive)
    except LookupError:
        return False
    except DAMAGED as error:
        raise SheetError("sheet_damaged") from error
    return True
