"""All that is stored of a kind as a workbook, in the columns by which it comes in: what goes out may come back."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from minqing.core.errors import NotFound
from minqing.core.sheets import write_workbook
from minqing.intake.kinds import Kind


def filled_workbook(kind: Kind) -> tuple[bytes, int]:
    """The file, and how many rows it has."""
    if kind.rows is None:
        raise NotFound("import_kind")
    rows = [[row.get(column.name, "") for column in kind.columns] for row in kind.rows()]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        write_workbook(path, [column.synonyms[0] for column in kind.columns], rows, sheet=str(kind.label))
        return path.read_bytes(), len(rows)
