"""``minqing``: the operator's one command line."""

from __future__ import annotations

import sys

import typer

app = typer.Typer(
    name="minqing",
    help="Run Minqing 民情: the people's diary, household codes and matters of a county.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Entry point of the ``minqing`` script."""
    from minqing.config.cli import (  # noqa: F401  # each registers its commands
        accounts,
        bench,
        database,
        demo,
        django,
        doctor,
        imports,
        journal,
        notify,
        partners,
        routes,
        sheets,
        up,
    )

    sys.exit(app())
