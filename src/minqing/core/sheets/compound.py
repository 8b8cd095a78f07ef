"""The container of old Office files (MS-CFB), as far as to take one stream out of it.

xlrd has a reader of its own, which follows a made-up directory or chain of sectors for ever and refuses what many
exporters write. This one reads what Excel reads, and nothing twice.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import unpack_from
from typing import Final

# from here on no sector, but what a place in the table means: end of a chain, free, the table itself
_MARKS: Final = 0xFFFFFFFA
_ENTRY: Final = 128
_ROOT, _STREAM = 5, 2


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int

    @classmethod
    def of(cls, data: bytes, place: int) -> Entry:
        length, kind = unpack_from("<HB", data, place + 64)
        name = data[place : place + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        return cls(name, kind, *unpack_from("<3I", data, place + 68), *unpack_from("<2I", data, place + 116))


class Compound:
    """Raises LookupError, ValueError or ``struct.error`` where the container is broken."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._shift, self._small_shift = unpack_from("<HH", content, 30)
        if self._shift not in {9, 12} or self._small_shift != 6:
            raise ValueError("size of sectors")
        directory, _sign, self._small_below, small_table, _count, more = unpack_from("<6I", content, 48)
        self._table = self._read_table(more)
        data = self._chained(directory)
        self._entries = [Entry.of(data, place) for place in range(0, len(data) - _ENTRY + 1, _ENTRY)]
        root = next(one for one in self._entries if one.kind == _ROOT)
        self.streams = {one.name.lower(): one for one in self._beside(root.child) if one.kind == _STREAM}
        self._small_table = _numbers(self._chained(small_table))
        self._small = self._chained(root.start)

    def read(self, name: str) -> bytes:
        found = self.streams[name.lower()]
        if found.size >= self._small_below:
            return self._chained(found.start)[: found.size]
        step = 1 << self._small_shift
        places = _chain(self._small_table, found.start)
        return b"".join(self._small[place * step : (place + 1) * step] for place in places)[: found.size]

    def _sector(self, number: int) -> bytes:
        return self._content[(number + 1) << self._shift : (number + 2) << self._shift]

    def _chained(self, start: int) -> bytes:
        return b"".join(map(self._sector, _chain(self._table, start)))

    def _read_table(self, more: int) -> array[int]:
        """Which sector follows on which. The first 109 sectors that hold it are named in the head of the file."""
        table = array("I")
        parts = [*unpack_from("<109I", self._content, 76)]
        most = (len(self._content) >> self._shift) + 1
        for _link in range(most):
            for part in parts:
                if part < _MARKS and len(table) < most:
                    table += _numbers(self._sector(part))
            if more >= _MARKS:
                break
            *parts, more = _numbers(self._sector(more))
        return table

    def _beside(self, first: int) -> Iterator[Entry]:
        """The entries of one folder, a tree in which each names two neighbours."""
        todo, seen = [first], set[int]()
        while todo:
            place = todo.pop()
            if place < len(self._entries) and place not in seen:
                seen.add(place)
                entry = self._entries[place]
                yield entry
                todo += [entry.left, entry.right]


def _numbers(data: bytes) -> array[int]:
    return array("I", unpack_from(f"<{len(data) // 4}I", data))


def _chain(table: Sequence[int], start: int) -> Iterator[int]:
    for _step in range(len(table) + 1):
        if start >= _MARKS:
            return
        yield start
        start = table[start]
    raise ValueError("a chain without end")
