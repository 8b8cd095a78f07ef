"""``minqing bench``: what rooms measure, each in its module ``benches``."""

from __future__ import annotations

from importlib import import_module

import typer

from minqing.config.cli import app, with_modules
from minqing.config.words import _

bench = typer.Typer(no_args_is_help=True, help=_("Measure this machine with the demo's data."))
app.add_typer(bench, name="bench")
for module in with_modules("benches"):
    bench.add_typer(import_module(module).app)
