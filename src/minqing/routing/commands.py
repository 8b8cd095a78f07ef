"""``minqing routes``: routing rules as a file that a county keeps in git."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from minqing.core.command import console, echo, ready
from minqing.core.language import sentences

_ = sentences(__name__)

app = typer.Typer(
    name="routes", no_args_is_help=True, help=_("Routing rules as a YAML file: export, check, load as a draft.")
)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help=_("A file that export wrote."))]
REFUSED, CASES_FAIL = 1, 3


@app.command(
    "export", help=_("Write the rules and test cases of one version as YAML. Exit code 1 where there is none.")
)
def export_(
    area: Annotated[str, typer.Argument(help=_("Code of the township or county."))],
    version: Annotated[int, typer.Option(help=_("Number of the version; by default the one in force."))] = 0,
    out: Annotated[Path | None, typer.Option(help=_("Where to write it; by default stdout."))] = None,
) -> None:
    ready()
    from django.db import transaction

    from minqing.org.queries import system_actor
    from minqing.privacy.access import acting_as
    from minqing.routing.queries.routes import version_of
    from minqing.routing.services import export_routes

    with transaction.atomic(), acting_as(system_actor("minqing routes")):
        found = version_of(area, version)
        if found is None:
            console.print(_("[red]There are no such rules of {area}.[/]").format(area=escape(area)))
            raise typer.Exit(REFUSED)
        text = export_routes(found)
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")


@app.command(help=_("Read a file and run its test cases; nothing is changed. Exit code 1: refused; 3: cases fail."))
def check(file: File) -> None:
    ready()
    raise typer.Exit(load_file(file, keep=False, replace=False))


@app.command(
    help=_("Make a draft of a file. A clerk tries it on past matters and puts it into force. Exit codes as for check.")
)
def load(
    file: File,
    replace: Annotated[bool, typer.Option(help=_("Throw away a draft that is there already."))] = False,
) -> None:
    ready()
    raise typer.Exit(load_file(file, keep=True, replace=replace))


def load_file(file: Path, *, keep: bool, replace: bool) -> int:
    """Load the file as a draft, run its cases, and undo it all unless ``keep``."""
    from django.db import transaction

    from minqing.core.errors import DomainError
    from minqing.core.ids import new_id
    from minqing.org.queries import system_actor
    from minqing.privacy.access import acting_as
    from minqing.routing.services import load_routes, problems, try_cases

    by = system_actor("minqing routes")
    try:
        with transaction.atomic(), acting_as(by):
            text = file.read_text(encoding="utf-8")
            draft = load_routes(id=new_id(), text=text, replace=replace or not keep, by=by)
            wrong, tried = problems(draft, by), try_cases(draft)
            told = _("{count} rules, {tried} test cases").format(count=draft.routes.count(), tried=len(tried))
            failing = [one for one in tried if not one.passed]
            for sentences in wrong.values():
                echo(f"[yellow]{escape(' '.join(sentences))}[/]")
            for one in failing:
                got = one.advice.unit.name if one.advice.unit else "–"
                echo(
                    _("[red]fails[/] {title}: {got}, not {name}").format(
                        title=escape(one.case.title), got=escape(got), name=escape(one.case.unit.name)
                    )
                )
            if not keep:
                transaction.set_rollback(True)
    except UnicodeDecodeError:
        console.print(_("[red]The file is not UTF-8.[/]"))
        return REFUSED
    except DomainError as error:
        console.print(f"[red]{escape(str(error.sentence))}[/]")
        return REFUSED
    echo(
        _("{told}, {failing} of them fail. {what}").format(
            told=told, failing=len(failing), what=_("A draft was made.") if keep else _("Nothing was changed.")
        )
    )
    return CASES_FAIL if failing or wrong else 0
