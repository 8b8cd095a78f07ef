"""``minqing demo``: a made-up village, township or county, reproducible from a seed."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from minqing.config.cli import app
from minqing.config.cli.base import console, ready
from minqing.config.cli.database import bring_up_to_date
from minqing.config.env import env


@app.command()
def demo(
    scale: Annotated[str, typer.Option(help="village, township or county.")] = "village",
    seed: Annotated[int, typer.Option(help="Another seed makes other people.")] = 1,
) -> None:
    """Load made-up people, visits and matters into an empty database, to try things out or to measure."""
    ready()
    bring_up_to_date()
    from minqing.demo.scales import Scale
    from minqing.demo.services import Contents, contents, load_demo, sign_ins_table

    if scale not in set(Scale):
        raise typer.BadParameter(f"{scale}: choose one of {', '.join(Scale)}")
    found = contents()
    if found is not Contents.NOTHING:
        what = {Contents.DEMO: "a demo already", Contents.PART: "a demo that was cut off"}.get(found, "data of its own")
        console.print(f"[red]This database holds {what}; nothing was changed.[/]")
        console.print(
            f"For another demo use an empty one: MINQING_VAR=var-{scale} minqing demo --scale {scale}\n"
            f"(this one's data is in {env().var if env().embedded else 'the database of DATABASE_URL'})",
            highlight=False,
        )
        raise typer.Exit(1)
    begun = time.monotonic()
    size = load_demo(scale=Scale(scale), seed=seed, console=console)
    console.print(
        f"{size.households:,} households, {size.residents:,} residents, {size.visits:,} visits, "
        f"{size.matters:,} matters in {time.monotonic() - begun:.0f} s."
    )
    console.print(sign_ins_table())
