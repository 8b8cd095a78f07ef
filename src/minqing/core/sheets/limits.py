"""How much a file may claim before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The defaults let a county's 710,000 files in one sheet through and stop what is made to fill a disk.

    A sheet of 700,000 × 12 text cells takes 38 MB and unpacks to 485 MB, 13 times as much; a bomb unpacks to
    1,000 times.
    """

    file_bytes: int = 200 * MB
    unpacked_bytes: int = 1_500 * MB
    # what a reader must hold in memory at once: shared strings, styles
    part_bytes: int = 300 * MB
    ratio: int = 150
    # small files may well be all blank cells
    ratio_from_bytes: int = 10 * MB
    entries: int = 5_000
    # of xls, which can only be read as a whole, and of ods, which is counted before it is read
    whole_bytes: int = 20 * MB
    whole_cells: int = 10_000_000
    # of the texts that a workbook keeps once for all its cells, in UTF-8: 8.5 million different ones take 85 MB
    shared_bytes: int = 128 * MB
    # handed out for each byte that the file unpacks to, beyond the first: one long text may stand in every cell
    characters_a_byte: int = 4
    characters: int = 10_000_000
    rows: int = 1_048_576
    columns: int = 200
    cell_characters: int = 32_767


DEFAULT = Limits()
