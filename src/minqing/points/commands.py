"""``minqing points …``: is the points ledger as it was written?"""

from __future__ import annotations

import typer

from minqing.core.command import echo, ready
from minqing.core.language import sentences

_ = sentences(__name__)

app = typer.Typer(name="points", no_args_is_help=True)


@app.callback(help=_("The points ledger."))
def points() -> None:
    """Several commands, as far as the command line is concerned."""


@app.command(
    help=_(
        "Derive every balance anew, compare every transfer with the journal, and the journal with its seals; "
        "exit code 1 if something differs."
    )
)
def verify() -> None:
    ready()
    from minqing.journal import verifying
    from minqing.points.queries.verifying import Looked
    from minqing.points.queries.verifying import verify as verify_ledger

    looked = Looked()
    told = verify_ledger(looked) + [one.sentence for one in verifying.verify()]
    for sentence in told:
        echo(f"[red]✗[/] {sentence}")
    seen = _("{transfers} transfers between {accounts} accounts").format(
        transfers=looked.transfers, accounts=looked.accounts
    )
    if told:
        echo(_("[bold red]{findings} findings[/] in {seen}.").format(findings=len(told), seen=seen))
        raise typer.Exit(1)
    echo(_("[green]✓[/] As it was written: {seen}.").format(seen=seen))
