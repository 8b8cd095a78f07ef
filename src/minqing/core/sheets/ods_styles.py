"""Styles of an OpenDocument table (ODF 1.3 part 3, 16), as far as they change what a cell means or hide a sheet.

Its number formats are written as elements; here they become the codes that Excel writes, which number_formats knows.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final
from xml.etree.ElementTree import Element

from minqing.core.sheets.archive import too_large
from minqing.core.sheets.markup import Events
from minqing.core.sheets.package import MOST_IN_FORMAT, MOST_STYLES, attribute, local

_DATES: Final = {
    "year": "yyyy",
    "month": "m",
    "day": "d",
    "day-of-week": "ddd",
    "hours": "h",
    "minutes": "mm",
    "seconds": "ss",
    "am-pm": "AM/PM",
}
_FORMATS: Final = frozenset({"number-style", "date-style", "time-style"})


@dataclass(slots=True)
class Styles:
    """``codes``: number format by cell style; ``hidden``: styles of sheets that are not shown."""

    codes: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    _formats: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> Styles:
        """Those of ``content.xml`` go before those of ``styles.xml``, on which they are built."""
        found = cls()
        for part in ("styles.xml", "content.xml"):
            if part in archive.namelist():
                with archive.open(part) as stream:
                    found._read(stream)
        return found

    def _read(self, stream: IO[bytes]) -> None:
        for node in _whole(stream):
            name = attribute(node, "name")
            kind = local(node.tag)
            if kind in _FORMATS:
                self._formats[name] = code_of(node)
            elif kind == "style" and attribute(node, "family") == "table-cell":
                own, parent = attribute(node, "data-style-name"), attribute(node, "parent-style-name")
                self.codes[name] = self._formats.get(own, "") if own else self.codes.get(parent, "")
            elif kind == "style" and attribute(node, "family") == "table":
                shown = [attribute(one, "display") for one in node if local(one.tag) == "table-properties"]
                (self.hidden.add if "false" in shown else self.hidden.discard)(name)
            if max(len(self._formats), len(self.codes), len(self.hidden)) > MOST_STYLES:
                raise too_large()


def _whole(stream: IO[bytes]) -> Iterator[Element]:
    """Every style as it ends; what stands behind the styles is not read."""
    inside: list[Element] = []
    events = Events(stream)
    for event, node in events:
        if event == "start":
            if local(node.tag) == "body":
                return
            inside.append(node)
            continue
        inside.pop()
        if len(inside) == 2:
            yield node
            del inside[-1][:]
            events.forget()


def code_of(style: Element) -> str:
    """``000000``, ``"TX-"0000``, ``yyyy"年"m"月"``; nothing for what only decorates a number."""
    made: list[str] = []
    for part in style:
        kind = local(part.tag)
        if kind in _DATES:
            made.append(_DATES[kind])
        elif kind == "text" and part.text:
            made.append('"' + part.text.replace('"', "") + '"')
        elif kind == "number":
            decimals = attribute(part, "decimal-places") or "0"
            whole = decimals == "0" and attribute(part, "grouping") != "true"
            made.append("0" * min(int(attribute(part, "min-integer-digits") or 1), 15) if whole else "#,##0.0")
    # no program writes a longer one, and none is read in the time of a short one
    return "".join(made)[:MOST_IN_FORMAT]
