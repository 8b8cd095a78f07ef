"""The organisation as workbooks, in the columns of the tables by which it comes in: what goes out may come back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from minqing.core.sheets import write_workbook
from minqing.intake.kinds import Kind, kind_of
from minqing.org.queries.upkeep import areas_for_table, posts_for_table, units_for_table

Row = Mapping[str, object]


def areas() -> Iterable[Row]:
    for one in areas_for_table():
        yield {
            "code": one.code,
            "name": one.name,
            "level": one.get_level_display(),
            "parent": one.parent.code if one.parent else "",
            "latitude": "" if one.latitude is None else repr(one.latitude),
            "longitude": "" if one.longitude is None else repr(one.longitude),
        }


def units() -> Iterable[Row]:
    for one in units_for_table():
        said = {"code": one.code, "name": one.name, "phone": one.phone, "active": one.active}
        yield said | {"kind": one.get_kind_display(), "area": one.area.code}


def staff() -> Iterable[Row]:
    """A row for each post. Telephone numbers stay here: a cell that is empty leaves them as they are."""
    for post in posts_for_table():
        account, unit, area = post.account, post.unit, post.area
        own = {"name": account.name, "staff_number": account.staff_number, "username": account.username}
        place = {"unit": unit.code if unit else "", "area": area.code if area else ""}
        yield own | place | {"role": post.get_role_display(), "title": post.title}


ROWS: Final[Mapping[str, Callable[[], Iterable[Row]]]] = {"areas": areas, "units": units, "staff": staff}


def workbook(code: str) -> tuple[Kind, bytes, int]:
    """The kind of table, its file and how many rows it has."""
    kind = kind_of(code)
    rows = [cells(kind, row) for row in ROWS[code]()]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        write_workbook(path, [column.synonyms[0] for column in kind.columns], rows, sheet=str(kind.label))
        return kind, path.read_bytes(), len(rows)


def cells(kind: Kind, row: Row) -> Sequence[Any]:
    return [row.get(column.name, "") for column in kind.columns]
