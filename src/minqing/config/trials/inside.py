"""Run in the county's own environment: one function of a room's fault run, with JSON in and out."""

from __future__ import annotations

import json
import sys
from importlib import import_module

from minqing.config.cli.base import ready


def main(function: str) -> None:
    ready(makes=True)
    module, _colon, name = function.partition(":")
    given = json.load(sys.stdin)
    answer = getattr(import_module(module), name)(given)
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
