"""Run in the county's own environment: what the acts of a trial need is laid out there, and told as JSON."""

from __future__ import annotations

import json
import sys
from importlib import import_module

from minqing.config.cli.base import ready


def main(module: str, url: str) -> None:
    ready(makes=True)
    given = import_module(module).PLAY.prepared(url)
    sys.stdout.write(f"{json.dumps({'given': given, 'kinds': kinds()})}\n")


def kinds() -> dict[str, dict[str, str | None]]:
    """Every job that is asked for by its name alone: those of the clock, and those that take nothing."""
    from inspect import signature

    from procrastinate.contrib.django import app

    clock = {one.task.name for one in app.periodic_registry.periodic_tasks.values()}
    return {
        name: {
            "queueing_lock": task.queueing_lock,
            "lock": task.lock,
            "periodic": "yes" if name in clock else None,
        }
        for name, task in app.tasks.items()
        if name in clock or not (signature(task.func).parameters or "builtin" in name)
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
