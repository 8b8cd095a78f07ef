"""``minqing django …``: Django's own commands, for developers."""

from __future__ import annotations

import typer

from minqing.config.cli import app
from minqing.config.cli.base import ready
from minqing.config.words import _


@app.command(
    "django",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
    help=_("Run one of Django's own commands (for developers)."),
)
def django_command(context: typer.Context) -> None:
    ready()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["minqing django", *context.args])
