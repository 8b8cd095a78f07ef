"""``minqing sheets``: the county's own print sheets, as the handling sheet 办理单."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from minqing.config.cli import app
from minqing.config.cli.base import console, ready
from minqing.config.words import _

sheets = typer.Typer(no_args_is_help=True, help="Print sheets, as the one that goes with a matter through the offices.")
app.add_typer(sheets, name="sheets")
LARGEST = 20_000_000
Sheet = Annotated[str, typer.Option(help="Which sheet: its code.")]


@sheets.command()
def template(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A Word file (.docx).")],
    sheet: Sheet = "matters",
) -> None:
    """Check a Word template and use it from now on. Exit code 1: it cannot be used, and why."""
    ready()
    from minqing.core.actor import Actor
    from minqing.core.errors import DomainError
    from minqing.documents.kinds import sheet_of
    from minqing.documents.services import store_template

    try:
        with file.open("rb") as opened:
            store_template(sheet=sheet_of(sheet), content=opened.read(LARGEST), by=Actor.system("minqing sheets"))
    except DomainError as error:
        console.print(escape(str(error.sentence)))
        raise typer.Exit(1) from None
    console.print(_("In use."))


@sheets.command()
def standard(
    out: Annotated[Path | None, typer.Option(help="Write it there, to start your own from it.")] = None,
    sheet: Sheet = "matters",
) -> None:
    """Go back to the sheet that comes with the software, or with --out only write it to a file."""
    ready()
    from django.conf import settings

    from minqing.core.actor import Actor
    from minqing.documents.kinds import sheet_of
    from minqing.documents.services import store_template

    if out is not None:
        out.write_bytes(sheet_of(sheet).standard(settings.LANGUAGE_CODE))
        return
    store_template(sheet=sheet_of(sheet), content=b"", by=Actor.system("minqing sheets"))
    console.print(_("The sheet that comes with the software is in use."))
