"""``minqing sheets``: the county's own print sheets, as the handling sheet 办理单."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from minqing.core.command import console, ready
from minqing.core.language import sentences

if TYPE_CHECKING:
    from minqing.documents.kinds import PrintSheet

_ = sentences(__name__)

app = typer.Typer(
    name="sheets", no_args_is_help=True, help=_("Print sheets, as the one that goes with a matter through the offices.")
)
LARGEST = 20_000_000
Sheet = Annotated[str, typer.Option(help=_("Which sheet: its code. Without it they are named."))]


def chosen(code: str) -> PrintSheet:
    """The sheet of that code; where there is none of it, the command ends with those that there are."""
    from minqing.documents.kinds import SHEETS

    found = SHEETS.get(code)
    if found is None:
        known = "\n".join(f"--sheet {one.code}: {one.label}" for one in SHEETS)
        console.print(escape(_("Say which sheet:") + f"\n{known}"))
        raise typer.Exit(1)
    return found


@app.command(help=_("Check a Word template and use it from now on. Exit code 1: it cannot be used, and why."))
def template(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help=_("A Word file (.docx)."))],
    sheet: Sheet = "",
) -> None:
    ready()
    from minqing.core.actor import Actor
    from minqing.core.errors import DomainError
    from minqing.documents.services import store_template

    kind = chosen(sheet)
    try:
        with file.open("rb") as opened:
            store_template(sheet=kind, content=opened.read(LARGEST), by=Actor.system("minqing sheets"))
    except DomainError as error:
        console.print(escape(str(error.sentence)))
        raise typer.Exit(1) from None
    console.print(_("In use."))


@app.command(help=_("Go back to the sheet that comes with the software, or with --out only write it to a file."))
def standard(
    out: Annotated[Path | None, typer.Option(help=_("Write it there, to start your own from it."))] = None,
    sheet: Sheet = "",
) -> None:
    ready()
    from django.conf import settings

    from minqing.core.actor import Actor
    from minqing.documents.services import store_template

    kind = chosen(sheet)
    if out is not None:
        out.write_bytes(kind.standard(settings.LANGUAGE_CODE))
        return
    store_template(sheet=kind, content=b"", by=Actor.system("minqing sheets"))
    console.print(_("The sheet that comes with the software is in use."))
